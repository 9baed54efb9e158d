package io.covey.cluster.cli.chaos;

import io.covey.cluster.tasks.HandlerRegistry;
import io.covey.cluster.tasks.TaskContext;
import io.covey.cluster.tasks.TaskHandlers;
import java.io.IOException;
import java.nio.file.Path;

/** What the workers of the fault suite do: write down that a task started, dawdle, and write down that it is done. */
public final class LedgerHandlers implements TaskHandlers {
    static final String FILE = "COVEY_CHAOS_LEDGER";
    private static final long STEP_MILLIS = 10;

    private final LedgerFile ledger;

    /** For the {@code worker} command. */
    public LedgerHandlers() throws IOException {
        ledger = new LedgerFile(Path.of(System.getenv(FILE)));
    }

    @Override
    public void register(HandlerRegistry handlers) {
        handlers.handle(Work.PATIENT, this::patient);
        handlers.handle(Work.ASSERTING, this::asserting);
        handlers.handle(Work.POISON, this::poison);
    }

    private void patient(Work work, TaskContext task) throws InterruptedException {
        ledger.started(work.number(), task.fence());
        Thread.sleep(work.millis());
        while (!task.stillMine()) {
            Thread.sleep(STEP_MILLIS);
        }
        ledger.done(work.number(), task.fence());
    }

    private void asserting(Work work, TaskContext task) throws InterruptedException {
        ledger.started(work.number(), task.fence());
        Thread.sleep(work.millis());
        task.assertMine();
        ledger.done(work.number(), task.fence());
    }

    private void poison(Work work, TaskContext task) throws InterruptedException {
        ledger.started(work.number(), task.fence());
        Thread.sleep(work.millis());
        Runtime.getRuntime().halt(137);
    }
}
