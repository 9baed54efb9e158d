package io.covey.cluster.spring;

import io.covey.cluster.ClusterConfig;
import io.covey.cluster.Secret;
import io.covey.cluster.spi.TransportConfig;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;
import org.springframework.util.unit.DataSize;

/** Makes the settings of a node of properties. */
final class ClusterSettings {
    private static final int LONGEST_NAME = 128;

    private ClusterSettings() {}

    static ClusterConfig.Builder of(ClusterProperties properties, Environment environment) {
        TransportConfig transport = TransportConfig.of(properties.uriWithDriver())
                .withNamespace(properties.namespace())
                .withTaskNamespace(properties.taskNamespace())
                .withTimeouts(properties.connectTimeout(), properties.commandTimeout());
        ClusterConfig.Builder config = ClusterConfig.builder(transport.uri())
                .transport(transport)
                .name(name(properties.node().name(), environment))
                .beat(properties.beat())
                .drain(properties.drain())
                .maxValueBytes(bytes("covey.max-value-size", properties.maxValueSize()))
                .maxFrameBytes(bytes("covey.max-message-size", properties.maxMessageSize()));
        properties.node().metadata().forEach(config::metadata);
        properties.securedChannels().forEach(config::secured);
        secure(config, properties);
        return config;
    }

    private static void secure(ClusterConfig.Builder config, ClusterProperties properties) {
        boolean file = StringUtils.hasText(properties.tokenFile());
        boolean token = StringUtils.hasText(properties.token());
        if (!properties.acceptedTokens().isEmpty() && (file || !token)) {
            throw new IllegalArgumentException("covey.accepted-tokens goes with covey.token alone:"
                    + " a covey.token-file has those that are accepted in it, too");
        }
        if (properties.withoutSecurity()) {
            if (file || token) {
                throw new IllegalArgumentException(
                        "covey.without-security is true and there is a server token: one or the other");
            }
            config.withoutSecurity();
        } else if (file) {
            config.tokenFile(Path.of(properties.tokenFile()));
        } else if (token) {
            List<Secret> accepted =
                    properties.acceptedTokens().stream().map(Secret::of).toList();
            config.token(Secret.of(properties.token()), accepted.toArray(Secret[]::new));
        }
    }

    /** The name of the application, as far as a node can be called so. */
    private static String name(@Nullable String given, Environment environment) {
        if (StringUtils.hasText(given)) {
            return given;
        }
        String application = environment.getProperty("spring.application.name", "");
        String fit = application.strip().replaceAll("[^A-Za-z0-9_.:-]", "-");
        return fit.isEmpty() ? "node" : fit.substring(0, Math.min(fit.length(), LONGEST_NAME));
    }

    private static int bytes(String property, DataSize size) {
        if (size.toBytes() > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(property + " is too large: " + size);
        }
        return (int) size.toBytes();
    }
}
