package io.covey.cluster.redis;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder.request;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.ClassSelector;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherFactory;

/** Test classes run within a test, on a server that already runs. */
final class ContractRun implements TestExecutionListener {
    private static final String SERVER = "covey.redis.uri";

    private final List<String> failures = new ArrayList<>();
    private TestPlan plan;
    private int passed;

    private ContractRun() {}

    /**
     * Runs test classes with {@code covey.redis.uri} set, which {@code RedisServer.start()} heeds.
     *
     * @return how many tests passed
     * @throws AssertionError naming each test or class that failed, and why; or if no test passed
     */
    static int on(String uri, Class<?>... contracts) {
        String before = System.getProperty(SERVER);
        System.setProperty(SERVER, uri);
        try {
            ContractRun run = new ContractRun();
            launcher()
                    .execute(
                            request()
                                    .selectors(Stream.of(contracts)
                                            .map(contract -> selectClass(contract))
                                            .toArray(ClassSelector[]::new))
                                    .build(),
                            run);
            return run.judge(uri);
        } finally {
            if (before == null) {
                System.clearProperty(SERVER);
            } else {
                System.setProperty(SERVER, before);
            }
        }
    }

    /** Without what the outer run has registered: it would take these tests for its own. */
    private static Launcher launcher() {
        return LauncherFactory.create(LauncherConfig.builder()
                .enableTestExecutionListenerAutoRegistration(false)
                .enableLauncherSessionListenerAutoRegistration(false)
                .enableLauncherDiscoveryListenerAutoRegistration(false)
                .enablePostDiscoveryFilterAutoRegistration(false)
                .build());
    }

    private int judge(String uri) {
        if (!failures.isEmpty()) {
            throw new AssertionError(failures.size() + " failed on " + uri + ":\n  " + String.join("\n  ", failures));
        }
        if (passed == 0) {
            throw new AssertionError("no test ran on " + uri);
        }
        return passed;
    }

    @Override
    public void testPlanExecutionStarted(TestPlan started) {
        plan = started;
    }

    @Override
    public void executionFinished(TestIdentifier one, TestExecutionResult result) {
        if (result.getStatus() == TestExecutionResult.Status.FAILED) {
            String why = String.valueOf(result.getThrowable().orElse(null));
            failures.add(path(one) + " - " + why.strip().replaceAll("\\s*\n\\s*", " | "));
        } else if (one.isTest() && result.getStatus() == TestExecutionResult.Status.SUCCESSFUL) {
            passed++;
        }
    }

    private String path(TestIdentifier one) {
        String container = plan.getParent(one)
                .filter(parent -> parent.getParentId().isPresent())
                .map(parent -> path(parent) + " > ")
                .orElse("");
        return container + one.getDisplayName();
    }
}
