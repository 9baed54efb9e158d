package io.covey.cluster.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A supervisor of shell scripts, and what it did. */
final class Stage implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(90);

    /** Works until it is asked to end. */
    static final String WORK = "trap 'exit 0' TERM; echo '{\"event\":\"ready\"}'; while :; do sleep 0.05; done";

    final List<SupervisorEvent> events = new CopyOnWriteArrayList<>();
    final List<String> lines = new CopyOnWriteArrayList<>();
    final Supervisor supervisor;

    private Stage(SupervisorBuilder builder) {
        supervisor = builder.listener(events::add)
                .log((child, error, line) ->
                        lines.add(child + (error ? " ! " : " | ") + new String(line, StandardCharsets.UTF_8)))
                .start();
    }

    /** Settings for a script, quicker than the default ones. */
    static SupervisorBuilder script(String script) {
        return Supervisor.command(List.of("/bin/sh", "-c", script))
                .drain(Duration.ofSeconds(20))
                .grace(Duration.ofSeconds(1))
                .backoff(Duration.ofMillis(10), Duration.ofMillis(100));
    }

    static Stage of(SupervisorBuilder builder) {
        return new Stage(builder);
    }

    /** Waits until all are ready. */
    Stage running() {
        until(SupervisorEvent.Running.class, 1);
        return this;
    }

    <E extends SupervisorEvent> List<E> all(Class<E> type) {
        return events.stream().filter(type::isInstance).map(type::cast).toList();
    }

    /** Waits until there were so many events of a type, and answers the last. */
    <E extends SupervisorEvent> E until(Class<E> type, int count) {
        await().atMost(PATIENCE)
                .until(() -> all(type).size() >= count
                        || !all(SupervisorEvent.Stopped.class).isEmpty());
        assertThat(all(type)).as("after %s", events).hasSizeGreaterThanOrEqualTo(count);
        return all(type).get(count - 1);
    }

    List<Long> pids() {
        return supervisor.children().stream().map(ChildStatus::pid).toList();
    }

    List<String> names() {
        return supervisor.children().stream().map(ChildStatus::name).toList();
    }

    Outcome stop() throws InterruptedException {
        supervisor.stop("The test is over");
        return supervisor.await();
    }

    static boolean isAlive(long pid) {
        return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
    }

    @Override
    public void close() {
        supervisor.kill("The test is over");
        supervisor.close();
    }
}
