package io.covey.cluster.redis;

import io.covey.cluster.redis.ActionheroTally.Kind;
import io.covey.cluster.redis.ActionheroWire.Message;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Between the link's thread and ours: bounded in number and bytes, what is too much is dropped and counted. */
final class ActionheroInbox implements Subscription.Receiver {
    private static final int MOST_MESSAGES = 10_000;
    private static final long MOST_BYTES = 32L << 20;

    /** What is done with a message that bears the token. */
    interface Route {

        /**
         * @param done to be run once when the message is out of memory
         */
        void take(Message message, Runnable done);

        void missed(String reason);
    }

    private final ActionheroWire wire;
    private final ActionheroTally tally;
    private final Executor reader;
    private final Route route;
    private final AtomicInteger messages = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();

    ActionheroInbox(ActionheroWire wire, ActionheroTally tally, Executor reader, Route route) {
        this.wire = wire;
        this.tally = tally;
        this.reader = reader;
        this.route = route;
    }

    @Override
    public void onMessage(String channel, byte[] message) {
        int length = message.length;
        if (length > ActionheroWire.MOST_BYTES) {
            tally.count(Kind.MALFORMED, "it has " + length + " bytes, the limit is " + ActionheroWire.MOST_BYTES);
            return;
        }
        Runnable done = () -> {
            messages.decrementAndGet();
            bytes.addAndGet(-length);
        };
        if (messages.incrementAndGet() > MOST_MESSAGES | bytes.addAndGet(length) > MOST_BYTES) {
            done.run();
            tally.count(Kind.OVERFLOWED, "more than " + MOST_MESSAGES + " or " + MOST_BYTES + " bytes are waiting");
            return;
        }
        execute(() -> read(message, done));
    }

    private void read(byte[] bytes, Runnable done) {
        try {
            Message message = wire.read(bytes);
            tally.count(Kind.HEARD);
            route.take(message, done);
        } catch (ActionheroWire.RejectedException e) {
            done.run();
            tally.count(e.kind(), e.getMessage());
        }
    }

    @Override
    public void onGap(String reason) {
        execute(() -> route.missed(reason));
    }

    private void execute(Runnable task) {
        try {
            reader.execute(task);
        } catch (RejectedExecutionException closed) {
            // Nobody waits for messages any more.
        }
    }
}
