package io.covey.cluster.spring;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says what to do when the node of an application cannot join. */
final class JoinFailureAnalyzer extends AbstractFailureAnalyzer<JoinFailedException> {
    private static final String IN_PROCESS =
            "For a cluster of this process alone, in tests for example, set covey.uri=local:";

    @Override
    protected FailureAnalysis analyze(Throwable root, JoinFailedException failure) {
        return new FailureAnalysis(failure.getMessage(), action(failure.reason()), failure);
    }

    private static String action(JoinFailedException.Reason reason) {
        return switch (reason) {
            case SETTING ->
                "Correct the property of covey.* that is named above, or the ClusterConfigCustomizer that sets it. "
                        + "covey.uri is one of local:, redis://host:port, rediss://host:port, "
                        + "redis-sentinel://host:port,host:port/master, redis-cluster://host:port,host:port";
            case NO_DRIVER ->
                "Add a driver to the dependencies: io.covey:cluster-redis-lettuce, or io.covey:cluster-redis-jedis. "
                        + IN_PROCESS;
            case TWO_DRIVERS -> "Set covey.driver to lettuce or to jedis, or remove one of them from the dependencies";
            case UNREACHABLE ->
                "Start the server, or set covey.uri to where it is (redis://localhost:6379 unless set). " + IN_PROCESS;
            case OTHER -> "See the message above";
        };
    }
}
