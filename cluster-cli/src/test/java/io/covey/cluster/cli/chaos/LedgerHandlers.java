package io.covey.cluster.cli.chaos;

import io.covey.cluster.tasks.HandlerRegistry;
import io.covey.cluster.tasks.TaskContext;
import io.covey.cluster.tasks.TaskHandlers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What the workers of the fault suite do: write down that a task started, dawdle, and write down that it is done. */
public final class LedgerHandlers implements TaskHandlers {
    static final String FILE = "COVEY_CHAOS_LEDGER";
    /** In the name of the file: what a supervisor calls the process. */
    static final String NAME = "{name}";

    private static final long STEP_MILLIS = 10;
    private static final List<byte[]> KEPT = new CopyOnWriteArrayList<>();

    private final LedgerFile ledger;

    /** For the {@code worker} command. */
    public LedgerHandlers() throws IOException {
        ledger = new LedgerFile(
                Path.of(System.getenv(FILE).replace(NAME, System.getenv().getOrDefault("COVEY_NAME", ""))));
    }

    @Override
    public void register(HandlerRegistry handlers) {
        handlers.handle(Work.PATIENT, this::patient);
        handlers.handle(Work.ASSERTING, this::asserting);
        handlers.handle(Work.POISON, this::poison);
        handlers.handle(Work.HUNGRY, this::hungry);
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

    /** The first time only: where it runs again it has learnt. */
    private void hungry(Work work, TaskContext task) throws InterruptedException {
        for (long mib = 0; task.attempt() == 1 && mib < work.millis(); mib++) {
            byte[] eaten = new byte[1 << 20];
            java.util.Arrays.fill(eaten, (byte) 1);
            KEPT.add(eaten);
            Thread.sleep(STEP_MILLIS);
        }
        Thread.sleep(work.millis() * STEP_MILLIS);
    }
}
