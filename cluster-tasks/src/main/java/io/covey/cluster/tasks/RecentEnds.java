package io.covey.cluster.tasks;

import io.covey.cluster.spi.TaskBroker.Content;
import io.covey.cluster.spi.TaskBroker.Failure;
import io.covey.cluster.spi.TaskBroker.Outcome;
import io.covey.cluster.spi.TaskBroker.Settled;
import io.covey.cluster.spi.TaskBroker.Settlement;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** The settlements of one queue that were accepted in the last seconds, within bounds: a failover may undo them. */
final class RecentEnds {
    static final int MOST = 10_000;
    private static final long KEPT = Duration.ofSeconds(30).toNanos();
    private static final long MOST_BYTES = 4 << 20;
    private static final int LINE = 100;

    private record Trip(List<Settlement> settlements, long at, long bytes) {}

    private final Deque<Trip> trips = new ArrayDeque<>();
    private int count;
    private long bytes;

    /** What one trip settled, and the answers to it. */
    void add(List<Settlement> settlements, List<Settled> answers, long now) {
        List<Settlement> accepted = settlements;
        for (Settled answer : answers) {
            if (answer != Settled.DONE) {
                accepted = accepted(settlements, answers);
                break;
            }
        }
        expire(now);
        if (accepted.isEmpty()) {
            return;
        }
        long size = 0;
        for (Settlement one : accepted) {
            size += size(one);
        }
        trips.add(new Trip(accepted, now, size));
        count += accepted.size();
        bytes += size;
        while (count > MOST || bytes > MOST_BYTES) {
            forget();
        }
    }

    private static List<Settlement> accepted(List<Settlement> settlements, List<Settled> answers) {
        List<Settlement> accepted = new ArrayList<>();
        for (int i = 0; i < settlements.size(); i++) {
            if (answers.get(i) == Settled.DONE) {
                accepted.add(settlements.get(i));
            }
        }
        return accepted;
    }

    boolean isEmpty(long now) {
        expire(now);
        return trips.isEmpty();
    }

    /** Trip by trip, oldest first. */
    List<List<Settlement>> all(long now) {
        expire(now);
        return trips.stream().map(Trip::settlements).toList();
    }

    private void expire(long now) {
        while (!trips.isEmpty() && now - trips.peek().at > KEPT) {
            forget();
        }
    }

    private void forget() {
        Trip oldest = trips.remove();
        count -= oldest.settlements.size();
        bytes -= oldest.bytes;
    }

    /** About what it keeps from being collected, beside itself. */
    private static long size(Settlement one) {
        long size = one.release().isEmpty() ? 0 : size(one.release().get().content());
        if (one.outcome() instanceof Outcome.Done done) {
            return done.result().isEmpty() ? size : size + done.result().get().bytes().length;
        }
        if (one.outcome() instanceof Outcome.Fail fail) {
            Failure why = fail.failure();
            return size
                    + size(why.content())
                    + why.message().length()
                    + (long) LINE * why.backtrace().size();
        }
        return size;
    }

    private static long size(Content content) {
        return content instanceof Content.Readable readable
                ? readable.args().length
                : ((Content.Unreadable) content).raw().length;
    }
}
