package io.covey.cluster.cli;

import io.covey.cluster.supervisor.Signals;
import io.covey.cluster.supervisor.Supervision;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Waits for whoever may end a worker process, and shows its supervisor meanwhile that it gets on. */
final class WorkerLife {
    private static final long BEAT_MILLIS = 1000;
    /** Who is left by its supervisor has 4 s in all. */
    private static final Duration ABANDONED = Duration.ofSeconds(2);

    private final Optional<Supervision> supervision = Supervision.current();
    private final CountDownLatch end = new CountDownLatch(1);
    private volatile boolean abandoned;

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

    /** Returns when the process is to end. Signs of life are given while it is alive. */
    void await(BooleanSupplier alive) throws InterruptedException {
        do {
            if (alive.getAsBoolean()) {
                supervision.ifPresent(Supervision::beat);
            }
        } while (!end.await(BEAT_MILLIS, TimeUnit.MILLISECONDS));
    }

    /** How long what runs may take, of a usual time. */
    Duration drain(Duration usual) {
        return abandoned && usual.compareTo(ABANDONED) > 0 ? ABANDONED : usual;
    }
}
