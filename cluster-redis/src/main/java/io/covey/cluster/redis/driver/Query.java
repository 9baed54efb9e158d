package io.covey.cluster.redis.driver;

import io.covey.cluster.redis.driver.RedisUri.Replication;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What stands after the question mark of a URI. */
record Query(boolean tls, TlsFiles files, Optional<Replication> replication) {
    private static final Duration PATIENCE = Duration.ofMillis(500);
    private static final Pattern TIME = Pattern.compile("([0-9]{1,8})(ms|s)");

    /**
     * @param wrong makes the error that says why the URI cannot be used
     */
    static Query parse(@Nullable String text, Function<String, IllegalArgumentException> wrong) {
        boolean tls = false;
        int replicas = 0;
        Duration patience = null;
        Optional<Path> ca = Optional.empty();
        Optional<Path> certificate = Optional.empty();
        Optional<Path> key = Optional.empty();
        for (String parameter : text == null ? new String[0] : text.split("&", -1)) {
            int equals = parameter.indexOf('=');
            String value = parameter.substring(equals + 1);
            switch (equals < 0 ? "" : parameter.substring(0, equals)) {
                case "tls" -> {
                    if (!value.equals("true") && !value.equals("false")) {
                        throw wrong.apply("tls must be true or false, was " + value);
                    }
                    tls = value.equals("true");
                }
                case "replicas" -> {
                    if (!value.matches("[0-9]{1,3}") || Integer.parseInt(value) < 1 || Integer.parseInt(value) > 100) {
                        throw wrong.apply("replicas must be 1 to 100, was " + value);
                    }
                    replicas = Integer.parseInt(value);
                }
                case "replicaTimeout" -> patience = time(value, wrong);
                case "ca" -> ca = Optional.of(path("ca", value, wrong));
                case "cert" -> certificate = Optional.of(path("cert", value, wrong));
                case "key" -> key = Optional.of(path("key", value, wrong));
                default ->
                    throw wrong.apply("after ? only tls, ca, cert, key, replicas and replicaTimeout are allowed, was "
                            + parameter.replaceFirst("(?s)=.*", "=***"));
            }
        }
        if (replicas == 0 && patience != null) {
            throw wrong.apply("replicaTimeout needs replicas, as in ?replicas=1&replicaTimeout=500ms");
        }
        if (key.isPresent() && certificate.isEmpty()) {
            throw wrong.apply("key needs cert, as in ?cert=client.crt&key=client.key");
        }
        return new Query(
                tls,
                new TlsFiles(ca, certificate, key),
                replicas == 0
                        ? Optional.empty()
                        : Optional.of(new Replication(replicas, patience == null ? PATIENCE : patience)));
    }

    private static Path path(String what, String encoded, Function<String, IllegalArgumentException> wrong) {
        try {
            String text = URLDecoder.decode(encoded.replace("+", "%2B"), StandardCharsets.UTF_8);
            if (!text.isEmpty()) {
                return Path.of(text);
            }
        } catch (IllegalArgumentException e) {
            // said below
        }
        throw wrong.apply(what + " must be the path of a file, percent-encoded");
    }

    private static Duration time(String value, Function<String, IllegalArgumentException> wrong) {
        Matcher matcher = TIME.matcher(value);
        if (matcher.matches()) {
            long number = Long.parseLong(matcher.group(1));
            Duration time = matcher.group(2).equals("s") ? Duration.ofSeconds(number) : Duration.ofMillis(number);
            if (number > 0 && time.compareTo(Duration.ofMinutes(1)) <= 0) {
                return time;
            }
        }
        throw wrong.apply("replicaTimeout must be 1ms to 60s, as in 500ms or 2s, was " + value);
    }
}
