package io.covey.cluster.tck.model;

import io.covey.cluster.tck.model.Field.Global;
import io.covey.cluster.tck.model.Field.Holding;
import io.covey.cluster.tck.model.Server.Turn;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Consumer;

/** Every turn that a worker may send: any part of what it holds settled, and any number claimed. */
final class Turns {
    private final Bounds bounds;
    private final Server server;
    private final State state;
    private final int worker;

    Turns(Bounds bounds, Server server, State state, int worker) {
        this.bounds = bounds;
        this.server = server;
        this.state = state;
        this.worker = worker;
    }

    void each(Consumer<Turn> turn) {
        settle(0, new Verb[bounds.jobs()], turn);
    }

    private void settle(int job, Verb[] verbs, Consumer<Turn> turn) {
        if (job == bounds.jobs()) {
            claim(verbs.clone(), turn);
            return;
        }
        for (Verb verb : choices(job)) {
            verbs[job] = verb;
            settle(job + 1, verbs, turn);
        }
    }

    private Set<Verb> choices(int job) {
        int phase = state.get(worker, job, Holding.PHASE);
        if (phase == 2) {
            return EnumSet.of(Verb.NOTHING, Verb.DONE);
        }
        boolean mayGive = phase == 1 && state.get(Global.GIVES) < bounds.gives();
        return mayGive ? EnumSet.of(Verb.NOTHING, Verb.FAIL, Verb.RETRY, Verb.RELEASE) : EnumSet.of(Verb.NOTHING);
    }

    private void claim(Verb[] verbs, Consumer<Turn> turn) {
        int[] fences = new int[verbs.length];
        int[] claims = new int[verbs.length];
        boolean holds = false;
        boolean holdsLast = false;
        boolean settles = false;
        for (int job = 0; job < verbs.length; job++) {
            if (verbs[job] != Verb.NOTHING) {
                settles = true;
                fences[job] = state.get(worker, job, Holding.FENCE);
                claims[job] = state.get(worker, job, Holding.CLAIM);
            } else if (state.get(worker, job, Holding.PHASE) > 0) {
                holds = true;
                holdsLast |= state.get(worker, job, Holding.LAST_TRY) == 1;
            }
        }
        if (settles) {
            turn.accept(new Turn(verbs, fences, claims, 0, false));
        }
        for (int limit = 1; limit <= verbs.length && !holdsLast && server.holds(Rule.CLAIM_IN_ONE_STEP); limit++) {
            turn.accept(new Turn(verbs, fences, claims, limit, false));
            if (!holds) {
                turn.accept(new Turn(verbs, fences, claims, limit, true));
            }
        }
    }
}
