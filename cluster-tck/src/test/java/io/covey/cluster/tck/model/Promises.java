package io.covey.cluster.tck.model;

import io.covey.cluster.tck.model.Field.Global;
import io.covey.cluster.tck.model.Field.Holding;
import io.covey.cluster.tck.model.Field.Lane;
import io.covey.cluster.tck.model.Field.Process;
import io.covey.cluster.tck.model.Field.Seen;
import io.covey.cluster.tck.model.Field.Stored;
import org.jspecify.annotations.Nullable;

/** Judges a state. What a failover may lose is allowed after one. */
final class Promises {
    private final Bounds bounds;
    private final Server server;

    Promises(Bounds bounds, Server server) {
        this.bounds = bounds;
        this.server = server;
    }

    /** The promise that is broken, if one is. */
    @Nullable
    Promise broken(State state) {
        if (state.get(Global.BAD) > 0) {
            return Promise.values()[state.get(Global.BAD) - 1];
        }
        int runs = 0;
        int enqueued = 0;
        for (int job = 0; job < bounds.jobs(); job++) {
            Promise broken = broken(state, job);
            if (broken != null) {
                return broken;
            }
            runs += state.get(job, Seen.RUNS);
            enqueued += state.get(job, Seen.ENQUEUED) > 0 ? 1 : 0;
        }
        int lost = state.failedOver() ? 2 : 0;
        int causes = state.get(Global.CRASHES) + state.get(Global.PAUSES) + state.get(Global.COPIES) + lost;
        if (state.get(Global.REAPS) > causes) {
            return Promise.NO_NEEDLESS_RUN;
        }
        int mayRun =
                enqueued + state.get(Global.REAPS) * bounds.jobs() + state.get(Global.GIVES) + lost * bounds.jobs();
        if (runs > mayRun) {
            return Promise.RUNS_ARE_CAUSED;
        }
        return bounds.concurrency() > 0 && server.leased(state) > bounds.concurrency() ? Promise.LIMIT : null;
    }

    private @Nullable Promise broken(State state, int job) {
        boolean leased = server.isLeased(state, job);
        int waits = state.get(job, Stored.REDO) + state.get(job, Stored.LAST) + state.get(job, Stored.RETRY);
        int places = places(state, job, leased);
        boolean wanted = state.get(job, Seen.ENQUEUED) > 0 && state.get(job, Stored.KNOWN_ID) == 1;
        boolean perhaps = state.failedOver() && state.get(job, Stored.KNOWN_ID) == 0;
        if (places != (wanted ? 1 : 0) && !(perhaps && places == 0)) {
            return Promise.ONE_PLACE;
        }
        if (state.get(job, Seen.ENDED) > (state.failedOver() ? 3 : 1)) {
            return Promise.ONE_END;
        }
        if (state.get(job, Stored.META) == 0 && waits > 0
                || leased && state.get(state.get(job, Stored.OWNER), Lane.LEASE) == 0) {
            return Promise.NO_ORPHAN;
        }
        return holders(state, job, leased);
    }

    int places(State state, int job, boolean leased) {
        return state.get(job, Stored.QUEUE)
                + state.get(job, Stored.REDO)
                + state.get(job, Stored.LAST)
                + state.get(job, Stored.RETRY)
                + (leased ? 1 : 0)
                + state.get(job, Stored.DONE)
                + state.get(job, Stored.DEAD);
    }

    private @Nullable Promise holders(State state, int job, boolean leased) {
        int fences = 0;
        for (int worker = 0; worker < bounds.workers(); worker++) {
            boolean holds = state.get(worker, job, Holding.PHASE) > 0;
            int fence = state.get(worker, job, Holding.FENCE);
            if (holds && (fences & 1 << fence) != 0) {
                return Promise.ONE_HOLDER;
            }
            fences |= holds ? 1 << fence : 0;
            boolean his = leased && state.get(job, Stored.OWNER) == state.get(worker, Process.OWNER);
            boolean knows =
                    holds && fence == state.get(job, Stored.FENCE) || state.get(worker, Process.OUTSTANDING) == 1;
            if (his && !knows && !state.failedOver()) {
                return Promise.OWNERS_KNOW;
            }
        }
        return null;
    }

    /** Whether every task has come to its end. */
    boolean isEnd(State state) {
        for (int job = 0; job < bounds.jobs(); job++) {
            boolean ended = state.get(job, Stored.DONE) + state.get(job, Stored.DEAD) == 1;
            boolean lost = state.failedOver() && state.get(job, Stored.KNOWN_ID) == 0;
            if (state.get(job, Seen.ENQUEUED) == 0 || !ended && !lost) {
                return false;
            }
        }
        return true;
    }
}
