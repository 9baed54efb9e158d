package io.covey.cluster.cli;

import io.covey.cluster.Health.Report;
import io.covey.cluster.supervisor.Signals;
import io.covey.cluster.supervisor.Supervision;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Waits for whoever may end a worker process, and shows its supervisor meanwhile that it gets on. */
final class WorkerLife {
    private static final long BEAT_MILLIS = 1000;
    /** Who is left by its supervisor has 4 s in all. */
    private static final Duration ABANDONED = Duration.ofSeconds(2);

    private final Optional<Supervision> supervision = Supervision.current();
    private final CountDownLatch end = new CountDownLatch(1);
    private volatile boolean abandoned;
    private boolean warned;
    private boolean stands;

    /** Listens from now on; also for the end of a process, if one is given. */
    WorkerLife(@Nullable Long parent) {
        supervision.ifPresentOrElse(this::follow, () -> Signals.onTermination(end::countDown));
        if (parent != null) {
            ProcessHandle.of(parent)
                    .ifPresentOrElse(process -> process.onExit().thenRun(end::countDown), end::countDown);
        }
    }

    /**
     * A signal may come twice, from the supervisor and from a terminal or a service manager that means the whole group. It is
     * the supervisor that kills whoever takes too long.
     */
    private void follow(Supervision of) {
        if (!Signals.on("TERM", end::countDown)) {
            Signals.onTermination(end::countDown);
        }
        Signals.on("INT", () -> {});
        of.endWithSupervisor(() -> {
            abandoned = true;
            end.countDown();
        });
    }

    /** Returns when the process is to end. Signs of life are given while it is alive; who warns hears once why none is given. */
    void await(Supplier<Report> live, Consumer<String> warn) throws InterruptedException {
        do {
            supervision.ifPresent(each -> beat(each, live.get(), warn));
        } while (!end.await(BEAT_MILLIS, TimeUnit.MILLISECONDS));
    }

    private void beat(Supervision of, Report live, Consumer<String> warn) {
        if (live.ok()) {
            stands = false;
            beat(of, warn);
        } else if (!stands) {
            stands = true;
            warn.accept("no sign of life is given any more, the supervisor will replace this worker: "
                    + live.checks().stream()
                            .filter(check -> !check.ok())
                            .map(check -> check.name() + ": " + check.trouble())
                            .collect(Collectors.joining("; ")));
        }
    }

    /** A worker that works is not to end since a disk is full. */
    private void beat(Supervision of, Consumer<String> warn) {
        try {
            of.beat();
        } catch (UncheckedIOException e) {
            if (!warned) {
                warned = true;
                warn.accept("no sign of life can be given, the supervisor may take this worker for hung: "
                        + e.getMessage());
            }
        }
    }

    /** How long what runs may take, of a usual time. */
    Duration drain(Duration usual) {
        return abandoned && usual.compareTo(ABANDONED) > 0 ? ABANDONED : usual;
    }
}
