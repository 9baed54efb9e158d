package io.covey.cluster.redis;

import static org.junit.jupiter.api.Assumptions.abort;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.ContainerFetchException;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;

/**
 * The server versions that a driver is tested against beyond the embedded one, as containers. The environment variable
 * {@code COVEY_REDIS_IMAGE} names one image to take instead of the list.
 */
public final class ServerMatrix {
    private static final List<String> IMAGES = List.of("redis:7.2", "redis:8", "valkey/valkey:8", "valkey/valkey:9");
    private static final int PORT = 6379;

    /** Testcontainers asks a registry that does not answer for two minutes, for each image. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private static volatile boolean noRegistry;

    private ServerMatrix() {}

    /**
     * One test for each server, which runs all contracts on it. Where no Docker engine answers, all are skipped, and
     * where an image cannot be had, that one; one line on the standard output says so and why.
     *
     * @param contracts test classes that take their server from {@code RedisServer.start()}
     */
    public static Stream<DynamicTest> tests(Class<?>... contracts) {
        String missing = missing();
        if (missing != null) {
            return Stream.of(
                    DynamicTest.dynamicTest("every server", () -> skip("the server matrix " + images(), missing)));
        }
        return images().stream().map(image -> DynamicTest.dynamicTest(image, () -> run(image, contracts)));
    }

    private static @Nullable String missing() {
        try {
            return DockerClientFactory.instance().isDockerAvailable() ? null : "no Docker engine answers";
        } catch (RuntimeException e) {
            return "the Docker engine cannot be used, " + reason(e);
        }
    }

    private static List<String> images() {
        String image = System.getenv("COVEY_REDIS_IMAGE");
        return image == null || image.isBlank() ? IMAGES : List.of(image.strip());
    }

    private static void run(String image, Class<?>... contracts) {
        // Not the port: that check wants a shell with grep or bash inside the image.
        try (GenericContainer<?> container = new GenericContainer<>(DockerImageName.parse(image))
                .withExposedPorts(PORT)
                .waitingFor(Wait.forLogMessage(".*Ready to accept connections.*", 1))) {
            start(container, image);
            ContractRun.on("redis://" + container.getHost() + ":" + container.getMappedPort(PORT), contracts);
        }
    }

    private static void start(GenericContainer<?> container, String image) {
        if (noRegistry) {
            skip(image, "no registry answered for the image before it");
        }
        long start = System.nanoTime();
        try {
            container.start();
        } catch (RuntimeException e) {
            if (!isWithoutImage(e)) {
                throw e;
            }
            if (System.nanoTime() - start > PATIENCE.toNanos()) {
                noRegistry = true;
            }
            skip(image, reason(e));
        }
    }

    /** A container that does not come up from an image that is there is a failure. */
    private static boolean isWithoutImage(Throwable thrown) {
        return thrown instanceof ContainerFetchException
                || thrown.getCause() != null && isWithoutImage(thrown.getCause());
    }

    private static String reason(Throwable thrown) {
        Throwable cause = thrown;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
    }

    private static void skip(String what, String why) {
        System.out.println("Skipped " + what + ": " + why);
        abort(why);
    }
}
