package io.covey.cluster.bench;

import io.covey.cluster.bench.peers.MessagingContestant;
import java.util.concurrent.Semaphore;

/** Two ends of a contestant in this JVM. */
final class Echo {
    private static final String TEXT = "x".repeat(Load.VALUE_BYTES);

    private final Semaphore heard = new Semaphore(0);
    private final MessagingContestant here;
    private final String channel;

    Echo(MessagingContestant here, MessagingContestant there, String channel) throws Exception {
        this.here = here;
        this.channel = channel;
        here.meet(there.serve());
        there.subscribe(channel, text -> heard.release());
    }

    /** There and back. */
    String call() {
        return here.callAndWait(TEXT);
    }

    /** From the publisher to the subscriber; for one thread. */
    void deliver() throws InterruptedException {
        here.publish(channel, TEXT);
        heard.acquire();
    }
}
