package io.covey.cluster.supervisor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** A supervisor to be killed, and a Java process of one. */
public final class Victim {
    private Victim() {}

    /** What it is told: {@code foreign} or {@code java} processes, and a file that the latter make when they end. */
    public static void main(String[] args) throws InterruptedException {
        if (Supervision.current().isPresent()) {
            work(Supervision.current().get(), Path.of(args[1]));
        } else if (args[0].equals("java")) {
            Supervisor.java(System.getProperty("java.class.path"), Victim.class.getName(), args)
                    .endsWithSupervisor()
                    .listener(Victim::tell)
                    .start()
                    .await();
        } else {
            Stage.script("trap '' TERM; echo '{\"event\":\"ready\"}'; while :; do sleep 0.05; done")
                    .workers(2)
                    .listener(Victim::tell)
                    .start()
                    .await();
        }
    }

    private static void tell(SupervisorEvent event) {
        if (event instanceof ChildEvent.Ready ready) {
            System.out.println("pid " + ready.pid());
        }
    }

    private static void work(Supervision supervision, Path farewell) throws InterruptedException {
        supervision.endWithSupervisor(() -> {
            try {
                Files.createFile(farewell);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        supervision.beat();
        supervision.ready();
        new CountDownLatch(1).await();
    }
}
