package io.covey.cluster.spring;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/** The settings of the node, described in META-INF/spring-configuration-metadata.json and docs/spring-boot.md. */
@ConfigurationProperties("covey")
record ClusterProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("redis://localhost:6379") String uri,
        @Nullable Driver driver,
        @DefaultValue("covey") String namespace,
        @DefaultValue("resque") String taskNamespace,
        @Nullable String token,
        @DefaultValue List<String> acceptedTokens,
        @Nullable String tokenFile,
        @DefaultValue("false") boolean withoutSecurity,
        @DefaultValue List<String> securedChannels,
        @DefaultValue("5s") Duration beat,
        @DefaultValue("25s") Duration drain,
        @DefaultValue("5s") Duration connectTimeout,
        @DefaultValue("5s") Duration commandTimeout,
        @DefaultValue("16MB") DataSize maxValueSize,
        @DefaultValue("1MB") DataSize maxMessageSize,
        @DefaultValue Node node) {

    /** What the other members see of this one. */
    record Node(@Nullable String name, @DefaultValue Map<String, String> metadata) {}

    /** The URI with the driver in it. */
    String uriWithDriver() {
        return driver == null ? uri : driver.in(uri);
    }

    /** Without secrets. */
    @Override
    public String toString() {
        return "ClusterProperties[namespace=" + namespace + ", node=" + node + "]";
    }
}
