package io.covey.cluster.tasks;

import io.covey.cluster.spi.Await;
import io.covey.cluster.spi.TaskBroker;
import io.covey.cluster.spi.TaskBroker.Turn;
import io.covey.cluster.spi.TaskBroker.TurnAnswer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The calls under way. A call that has no answer is repeated verbatim, each queue by itself so that one that cannot be
 * served keeps no other waiting, until it has one. Only the poller's thread calls this, except for the answers.
 */
final class Trips {
    private static final long FIRST_BACK_OFF = Duration.ofMillis(20).toNanos();
    private static final long MOST_BACK_OFF = Duration.ofSeconds(1).toNanos();

    /** Takes in what the backend answered. */
    interface Receiver {
        void answered(Part part, TurnAnswer answer, long now);

        void failed(Throwable thrown, long now);

        void wake();
    }

    private record Answer(
            List<Part> parts,
            @Nullable List<TurnAnswer> answers,
            @Nullable Throwable thrown) {}

    private final TaskBroker broker;
    private final WorkerTime time;
    private final long patience;
    private final Receiver receiver;
    private final Queue<Answer> inbox = new ConcurrentLinkedQueue<>();
    private final List<Part> outstanding = new ArrayList<>();
    private volatile long sent;
    private volatile boolean silent;

    /** An answer that does not come within {@code patience} is taken for lost. */
    Trips(TaskBroker broker, WorkerTime time, Duration patience, Receiver receiver) {
        this.broker = broker;
        this.time = time;
        this.patience = patience.toNanos();
        this.receiver = receiver;
    }

    void send(List<Part> parts, long now) {
        List<Turn> turns = new ArrayList<>(parts.size());
        for (Part part : parts) {
            part.sent = now;
            part.underWay = true;
            turns.add(part.turn);
            if (part.queue.outstanding() != part) {
                part.queue.sent(part);
                outstanding.add(part);
            }
        }
        sent++;
        Await.caught(() -> broker.turn(turns)).whenComplete((answers, thrown) -> {
            inbox.add(new Answer(parts, answers, thrown));
            receiver.wake();
        });
    }

    boolean answered() {
        return !inbox.isEmpty();
    }

    boolean none() {
        return outstanding.isEmpty();
    }

    /** How many tasks may come with the answers that are awaited. */
    int asked() {
        int sum = 0;
        for (Part part : outstanding) {
            sum += part.turn.limit();
        }
        return sum;
    }

    int outstandingSettlements() {
        return outstanding.stream().mapToInt(part -> part.settles.size()).sum();
    }

    /** For all threads: how many round trips there were. */
    long sent() {
        return sent;
    }

    /** For all threads: whether nothing came of the last call: no answer, and no error either. */
    boolean silent() {
        return silent;
    }

    long patience() {
        return patience;
    }

    void takeAnswers() {
        Answer answer = inbox.poll();
        while (answer != null) {
            silent = false;
            long now = time.nanos();
            if (answer.answers() == null
                    || answer.answers().size() != answer.parts().size()) {
                Throwable thrown = answer.thrown() == null
                        ? new IllegalStateException("the transport answered to other turns than were sent")
                        : answer.thrown();
                answer.parts().forEach(part -> failed(part, now));
                receiver.failed(thrown, now);
            } else {
                for (int i = 0; i < answer.parts().size(); i++) {
                    take(answer.parts().get(i), answer.answers().get(i), now);
                }
            }
            answer = inbox.poll();
        }
    }

    /** Sends again what failed and has waited, and what has no answer for too long. */
    void repeat(long now) {
        for (Part part : List.copyOf(outstanding)) {
            if (part.underWay && now - part.sent >= patience) {
                silent = true;
                failed(part, now);
            } else if (!part.underWay && now - part.repeatAt >= 0) {
                send(List.of(part), now);
            }
        }
    }

    /** What waits for its repeat has waited long enough. */
    void repeatSoon(long now) {
        for (Part part : outstanding) {
            if (!part.underWay) {
                part.repeatAt = now;
            }
        }
    }

    /** When {@link #repeat} has something to do, {@code latest} if not before. */
    long nextRepeat(long latest) {
        long next = latest;
        for (Part part : outstanding) {
            long at = part.underWay ? part.sent + patience : part.repeatAt;
            next = at - next < 0 ? at : next;
        }
        return next;
    }

    private void take(Part part, TurnAnswer answer, long now) {
        if (part.queue.outstanding() == part) {
            outstanding.remove(part);
            receiver.answered(part, answer, now);
        }
    }

    private void failed(Part part, long now) {
        if (part.queue.outstanding() == part) {
            part.underWay = false;
            part.failures++;
            part.repeatAt = now
                    + Brokers.backOff(
                            part.failures,
                            FIRST_BACK_OFF,
                            MOST_BACK_OFF,
                            ThreadLocalRandom.current().nextDouble());
        }
    }
}
