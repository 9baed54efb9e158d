package io.covey.cluster.redis.jedis;

import io.covey.cluster.redis.ServerMatrix;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** Needs a Docker engine that can pull images; without one it prints a line and is skipped. */
@Tag("long")
final class JedisServerMatrixTest {

    @TestFactory
    Stream<DynamicTest> theContractsHoldOnEveryServerOfTheMatrix() {
        return ServerMatrix.tests(JedisStoresTest.class, JedisTasksTest.class);
    }
}
