package io.covey.cluster.redis.lettuce;

import io.covey.cluster.redis.ServerMatrix;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** Needs a Docker engine that can pull images; without one it prints a line and is skipped. */
@Tag("long")
final class LettuceServerMatrixTest {

    @TestFactory
    Stream<DynamicTest> theContractsHoldOnEveryServerOfTheMatrix() {
        return ServerMatrix.tests(LettuceStoresTest.class, LettuceTasksTest.class);
    }
}
