package io.covey.cluster.examples.jdbc;

import io.covey.cluster.spi.TaskBroker.Failure;
import io.covey.cluster.spi.TaskBroker.Outcome;
import io.covey.cluster.spi.TaskBroker.Settled;
import io.covey.cluster.spi.TaskBroker.Settlement;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Ends claims. Each change asks for the fence of the claim, so that an old one changes nothing. */
final class Settling {
    private static final String OF_CLAIM = " WHERE queue = ? AND id = ? AND fence = ?";
    private static final String NOBODYS = "owner = NULL, fence = NULL, lease = NULL, ends = NULL";

    private final QueueRow queue;
    private final Session session;
    private final int maxDeliveries;

    Settling(QueueRow queue, int maxDeliveries) {
        this.queue = queue;
        this.session = queue.session;
        this.maxDeliveries = maxDeliveries;
    }

    /** A task is settled once in a batch: the second time it is unknown, whatever became of the first. */
    List<Settled> settle(List<Settlement> settlements) {
        Set<String> settled = new HashSet<>();
        return settlements.stream()
                .map(one -> settled.add(one.id()) ? settle(one) : Settled.UNKNOWN)
                .toList();
    }

    private Settled settle(Settlement settlement) {
        String id = settlement.id();
        long fence = settlement.fence();
        if (end(id, fence, settlement.outcome()) == 1) {
            return Settled.DONE;
        }
        String newer = "SELECT COUNT(*) FROM covey_task WHERE queue = ? AND id = ? AND fence > ?";
        return session.number(newer, queue.id, id, fence) == 1 ? Settled.FENCED : Settled.UNKNOWN;
    }

    private int end(String id, long fence, Outcome outcome) {
        if (outcome instanceof Outcome.Retry retry) {
            long due = Times.after(session.now(), retry.delay());
            String later = "UPDATE covey_task SET place = 'RETRY', due = ?, deliveries = 0, " + NOBODYS + OF_CLAIM;
            return session.update(later, due, queue.id, id, fence);
        }
        if (outcome instanceof Outcome.Release) {
            queue.changed();
            String back = "UPDATE covey_task SET place = CASE WHEN deliveries >= ? THEN 'LAST' ELSE 'READY' END,"
                    + " deliveries = deliveries - 1, attempts = attempts - 1, " + NOBODYS + OF_CLAIM;
            return session.update(back, maxDeliveries, queue.id, id, fence);
        }
        if (outcome instanceof Outcome.Fail fail) {
            return fail(id, fence, fail.failure());
        }
        return session.update("DELETE FROM covey_task" + OF_CLAIM, queue.id, id, fence);
    }

    /** The failed task keeps the content that it was enqueued with. */
    int fail(String id, long fence, Failure failure) {
        session.update(
                "INSERT INTO covey_failed (queue, type, args, exception, message, backtrace, worker, failed_at)"
                        + " SELECT queue, type, args, ?, ?, ?, ?, ? FROM covey_task" + OF_CLAIM,
                failure.exception(),
                failure.message(),
                String.join("\n", failure.backtrace()),
                failure.worker(),
                failure.at().toEpochMilli(),
                queue.id,
                id,
                fence);
        return session.update("DELETE FROM covey_task" + OF_CLAIM, queue.id, id, fence);
    }
}
