package io.covey.cluster.tck.model;

import io.covey.cluster.tck.model.Field.Copy;
import io.covey.cluster.tck.model.Field.CopyOf;
import io.covey.cluster.tck.model.Field.Global;
import io.covey.cluster.tck.model.Field.Holding;
import io.covey.cluster.tck.model.Field.Lane;
import io.covey.cluster.tck.model.Field.Process;
import io.covey.cluster.tck.model.Field.Seen;
import io.covey.cluster.tck.model.Field.Stored;
import io.covey.cluster.tck.model.Server.Turn;

/** All that can happen next. */
final class Steps {
    private static final int MOST_LOST_WRITES = 2;
    static final int ACTIVE = 0;
    static final int PAUSED = 1;
    static final int ON_ITS_WAY = 1;
    static final int TAKEN = 2;
    static final int OLDER = 3;

    private final Bounds bounds;
    private final Server server;

    Steps(Bounds bounds, Server server) {
        this.bounds = bounds;
        this.server = server;
    }

    /** Hears what can happen next. */
    interface Next {
        void step(String what, int who, State after);
    }

    void from(State state, Next consumer) {
        Next next = (what, who, after) -> {
            if (after.get(Global.SNAPSHOT) == 1 && !after.sameServer(state) && !what.equals("replicate")) {
                after.add(Global.WRITES, 1);
                if (after.get(Global.WRITES) > MOST_LOST_WRITES) {
                    after.forgetSnapshot();
                }
            }
            consumer.step(what, who, after);
        };
        for (int job = 0; job < bounds.jobs(); job++) {
            if (state.get(job, Seen.ENQUEUED) < 2) {
                State after = state.copy();
                after.set(job, Seen.ENQUEUED, state.get(job, Seen.ENQUEUED) + 1);
                server.enqueue(after, job);
                next.step("enqueue", job, after);
            }
        }
        for (int worker = 0; worker < bounds.workers(); worker++) {
            if (state.get(worker, Process.STATUS) == ACTIVE) {
                work(state, worker, next);
            } else {
                State after = state.copy();
                after.set(worker, Process.STATUS, ACTIVE);
                next.step("go on", worker, after);
            }
            kill(state, worker, next);
        }
        for (int owner = 0; owner < bounds.owners(); owner++) {
            if (state.get(owner, Lane.LEASE) == 1
                    && (isSilent(state, owner) || !server.holds(Rule.REAP_ONLY_THE_SILENT))) {
                State after = state.copy();
                server.reap(after, owner);
                next.step("reap", owner, after);
            }
        }
        deliver(state, next);
        failOver(state, next);
    }

    private void work(State state, int worker, Next next) {
        if (state.get(worker, Process.POPPED) > 0) {
            State after = state.copy();
            after.add(Global.FENCES, 1);
            after.add(Global.CLAIMS, 1);
            int job = after.get(worker, Process.POPPED) - 1;
            server.lease(after, after.get(worker, Process.OWNER), job);
            after.set(worker, Process.POPPED, 0);
            started(after, worker, job);
            next.step("store", worker, after);
            return;
        }
        if (state.get(worker, Process.OUTSTANDING) == 1) {
            repeat(state, worker, next);
        } else {
            new Turns(bounds, server, state, worker).each(turn -> send(state, worker, turn, next));
            pop(state, worker, next);
        }
        boolean holds = state.get(worker, Process.OUTSTANDING) == 1;
        for (int job = 0; job < bounds.jobs(); job++) {
            if (state.get(worker, job, Holding.PHASE) > 0) {
                holds = true;
                effect(state, worker, job, next);
            }
            zombie(state, worker, job, next);
            settleAgain(state, worker, job, next);
        }
        if (holds) {
            beat(state, worker, next);
            if (state.get(Global.PAUSES) < bounds.pauses()) {
                State after = state.copy();
                after.set(worker, Process.STATUS, PAUSED);
                after.add(Global.PAUSES, 1);
                next.step("pause", worker, after);
            }
        }
    }

    private void pop(State state, int worker, Next next) {
        for (int job = 0; job < bounds.jobs() && !server.holds(Rule.CLAIM_IN_ONE_STEP); job++) {
            if (state.get(job, Stored.QUEUE) > 0) {
                State after = state.copy();
                after.set(job, Stored.QUEUE, 0);
                after.set(worker, Process.POPPED, job + 1);
                next.step("pop", worker, after);
            }
        }
    }

    private void send(State before, int worker, Turn turn, Next next) {
        State state = before.copy();
        int owner = state.get(worker, Process.OWNER);
        state.add(Global.GIVES, turn.gives());
        if (state.get(Copy.STATE) == TAKEN && state.get(Copy.OWNER) == owner) {
            state.set(Copy.STATE, OLDER);
        }
        State heard = state.copy();
        int claimed = server.arrive(heard, owner, turn);
        boolean empty = claimed == 0 && !turn.settles();
        State copied = heard.copy();
        answered(heard, worker, turn, claimed);
        next.step("turn", worker, heard);
        if (state.get(Copy.STATE) == 0 && state.get(Global.COPIES) < bounds.copies()) {
            answered(copied, worker, turn, claimed);
            late(copied, owner, turn, TAKEN, empty);
            next.step("turn, copied", worker, copied);
            State delayed = state.copy();
            waiting(delayed, worker, turn);
            late(delayed, owner, turn, ON_ITS_WAY, false);
            next.step("turn, delayed", worker, delayed);
        }
        if (state.get(Global.LOST) < bounds.lostAnswers()) {
            State lost = state.copy();
            server.arrive(lost, owner, turn);
            lost.add(Global.LOST, 1);
            waiting(lost, worker, turn);
            next.step("turn, answer lost", worker, lost);
        }
    }

    private void waiting(State state, int worker, Turn turn) {
        state.set(worker, Process.OUTSTANDING, 1);
        state.set(worker, Process.LIMIT, turn.limit());
        state.set(worker, Process.SOLO, turn.solo() ? 1 : 0);
        for (int job = 0; job < bounds.jobs(); job++) {
            state.set(worker, job, Holding.VERB, turn.verbs()[job].ordinal());
        }
    }

    private void late(State state, int owner, Turn turn, int what, boolean empty) {
        state.add(Global.COPIES, 1);
        state.set(Copy.STATE, what);
        state.set(Copy.OWNER, owner);
        state.set(Copy.LIMIT, turn.limit());
        state.set(Copy.SOLO, turn.solo() ? 1 : 0);
        state.set(Copy.WAS_EMPTY, empty ? 1 : 0);
        for (int job = 0; job < bounds.jobs(); job++) {
            state.set(job, CopyOf.VERB, turn.verbs()[job].ordinal());
            state.set(job, CopyOf.FENCE, turn.fences()[job]);
        }
    }

    private void repeat(State state, int worker, Next next) {
        Turn turn = outstanding(state, worker);
        State after = state.copy();
        int owner = after.get(worker, Process.OWNER);
        int claimed = server.arrive(after, owner, turn);
        if (after.get(Copy.STATE) == ON_ITS_WAY && after.get(Copy.OWNER) == owner) {
            after.set(Copy.STATE, TAKEN);
            after.set(Copy.WAS_EMPTY, claimed == 0 && !turn.settles() ? 1 : 0);
        }
        if (state.get(Global.LOST) < bounds.lostAnswers()) {
            State lost = after.copy();
            lost.add(Global.LOST, 1);
            next.step("again, answer lost", worker, lost);
        }
        answered(after, worker, turn, claimed);
        next.step("again", worker, after);
    }

    private Turn outstanding(State state, int worker) {
        Verb[] verbs = new Verb[bounds.jobs()];
        int[] fences = new int[bounds.jobs()];
        int[] claims = new int[bounds.jobs()];
        for (int job = 0; job < bounds.jobs(); job++) {
            verbs[job] = Verb.of(state.get(worker, job, Holding.VERB));
            fences[job] = verbs[job] == Verb.NOTHING ? 0 : state.get(worker, job, Holding.FENCE);
            claims[job] = verbs[job] == Verb.NOTHING ? 0 : state.get(worker, job, Holding.CLAIM);
        }
        return new Turn(verbs, fences, claims, state.get(worker, Process.LIMIT), state.get(worker, Process.SOLO) == 1);
    }

    private void answered(State state, int worker, Turn turn, int claimed) {
        int owner = state.get(worker, Process.OWNER);
        for (Lane field : new Lane[] {Lane.RECORDED, Lane.CLAIMED, Lane.FENCE}) {
            state.set(owner, field, 0);
        }
        for (Process field : new Process[] {Process.OUTSTANDING, Process.LIMIT, Process.SOLO}) {
            state.set(worker, field, 0);
        }
        for (int job = 0; job < bounds.jobs(); job++) {
            Verb verb = turn.verbs()[job];
            if (verb != Verb.NOTHING) {
                int fence = state.get(worker, job, Holding.FENCE);
                int claim = state.get(worker, job, Holding.CLAIM);
                state.clear(worker, job);
                if (bounds.failovers() > 0) {
                    state.set(worker, job, Holding.ENDED_VERB, verb.ordinal());
                    state.set(worker, job, Holding.ENDED_FENCE, fence);
                    state.set(worker, job, Holding.ENDED_CLAIM, claim);
                }
                if (verb.givesUp() && state.get(Global.ZOMBIES) < bounds.zombies()) {
                    state.set(worker, job, Holding.GIVEN_FENCE, fence);
                    state.set(worker, job, Holding.GIVEN_CLAIM, claim);
                }
            }
            if ((claimed & 1 << job) != 0) {
                started(state, worker, job);
            }
        }
    }

    private void started(State state, int worker, int job) {
        state.set(worker, job, Holding.PHASE, 1);
        state.set(worker, job, Holding.FENCE, state.get(job, Stored.FENCE));
        state.set(worker, job, Holding.CLAIM, state.get(job, Stored.CLAIM));
        boolean last = state.get(job, Stored.DELIVERIES) == bounds.mostDeliveries();
        state.set(worker, job, Holding.LAST_TRY, last ? 1 : 0);
        state.set(job, Seen.RUNS, state.get(job, Seen.RUNS) + 1);
    }

    private void effect(State state, int worker, int job, Next next) {
        if (state.get(worker, job, Holding.PHASE) != 1 || state.get(worker, job, Holding.VERB) != 0) {
            return;
        }
        State after = state.copy();
        int fence = state.get(worker, job, Holding.FENCE);
        if (fence >= state.get(job, Seen.TOKEN)) {
            after.set(job, Seen.TOKEN, fence);
            after.set(worker, job, Holding.PHASE, 2);
        } else if (server.holds(Rule.RESOURCE_CHECKS_FENCE)) {
            after.clear(worker, job);
        } else {
            after.bad(Promise.EFFECTS_IN_ORDER);
        }
        next.step("effect", worker, after);
    }

    /** A thread of a run that was given up comes to its end all the same, and says so on a lane of its own. */
    private void zombie(State state, int worker, int job, Next next) {
        int fence = state.get(worker, job, Holding.GIVEN_FENCE);
        if (fence > 0 && state.get(Global.ZOMBIES) < bounds.zombies()) {
            State after = state.copy();
            after.add(Global.ZOMBIES, 1);
            after.set(worker, job, Holding.GIVEN_FENCE, 0);
            after.set(worker, job, Holding.GIVEN_CLAIM, 0);
            server.settle(after, job, Verb.DONE, fence, state.get(worker, job, Holding.GIVEN_CLAIM));
            next.step("zombie", worker, after);
        }
    }

    /** What a server acknowledged may be lost with it: its worker settles it again with the next one, as often as it likes. */
    private void settleAgain(State state, int worker, int job, Next next) {
        int verb = state.get(worker, job, Holding.ENDED_VERB);
        if (state.failedOver() && verb > 0) {
            State after = state.copy();
            int fence = state.get(worker, job, Holding.ENDED_FENCE);
            server.settle(after, job, Verb.of(verb), fence, state.get(worker, job, Holding.ENDED_CLAIM));
            next.step("settle again", worker, after);
        }
    }

    private void beat(State state, int worker, Next next) {
        State after = state.copy();
        for (int job = 0; job < bounds.jobs(); job++) {
            if (state.get(worker, job, Holding.PHASE) > 0) {
                int fence = state.get(worker, job, Holding.FENCE);
                boolean mine = server.beat(after, state.get(worker, Process.OWNER), job, fence);
                if (!mine && state.get(worker, job, Holding.VERB) == 0) {
                    after.clear(worker, job);
                }
            }
        }
        next.step("beat", worker, after);
    }

    private void kill(State state, int worker, Next next) {
        if (state.get(Global.CRASHES) < bounds.crashes()) {
            State after = state.copy();
            int owner = state.get(worker, Process.OWNER);
            for (Lane field : new Lane[] {Lane.RECORDED, Lane.CLAIMED, Lane.FENCE}) {
                after.set(owner, field, 0);
            }
            after.clear(worker);
            after.set(worker, Process.OWNER, state.get(Global.NEXT_OWNER));
            after.add(Global.NEXT_OWNER, 1);
            after.add(Global.CRASHES, 1);
            next.step("kill", worker, after);
        }
    }

    /** Who does not beat: it is dead, paused, or has nothing to beat for. */
    private boolean isSilent(State state, int owner) {
        for (int worker = 0; worker < bounds.workers(); worker++) {
            if (state.get(worker, Process.OWNER) == owner) {
                boolean holds = state.get(worker, Process.OUTSTANDING) == 1;
                for (int job = 0; job < bounds.jobs(); job++) {
                    holds |= state.get(worker, job, Holding.PHASE) > 0;
                }
                return state.get(worker, Process.STATUS) == PAUSED || !holds;
            }
        }
        return true;
    }

    private void deliver(State state, Next next) {
        int what = state.get(Copy.STATE);
        if (what == 0) {
            return;
        }
        Verb[] verbs = new Verb[bounds.jobs()];
        int[] fences = new int[bounds.jobs()];
        for (int job = 0; job < bounds.jobs(); job++) {
            verbs[job] = Verb.of(state.get(job, CopyOf.VERB));
            fences[job] = state.get(job, CopyOf.FENCE);
        }
        Turn turn = new Turn(verbs, fences, new int[bounds.jobs()], state.get(Copy.LIMIT), state.get(Copy.SOLO) == 1);
        State after = state.copy();
        int owner = state.get(Copy.OWNER);
        if (what == ON_ITS_WAY) {
            server.arrive(after, owner, turn);
        } else if (what == OLDER
                ? !server.holds(Rule.OLDER_CALLS_ARE_STALE)
                : !server.holds(Rule.EMPTY_ANSWERS_ARE_RECORDED) && state.get(Copy.WAS_EMPTY) == 1) {
            server.turn(after, owner, turn);
        }
        if (isDead(state, owner)) {
            for (Lane field : new Lane[] {Lane.RECORDED, Lane.CLAIMED, Lane.FENCE}) {
                after.set(owner, field, 0);
            }
        }
        after.clearCopy();
        next.step("copy arrives", owner, after);
    }

    private boolean isDead(State state, int owner) {
        for (int worker = 0; worker < bounds.workers(); worker++) {
            if (state.get(worker, Process.OWNER) == owner) {
                return false;
            }
        }
        return true;
    }

    private void failOver(State state, Next next) {
        if (bounds.failovers() > 0 && state.get(Global.SNAPSHOT) == 0) {
            State after = state.copy();
            after.replicate();
            next.step("replicate", 0, after);
        }
        if (state.get(Global.SNAPSHOT) == 1 && state.get(Global.WRITES) > 0) {
            State after = state.copy();
            int fences = server.holds(Rule.FENCES_OUTLIVE_A_FAILOVER)
                    ? state.get(Global.FENCES)
                    : state.get(Global.FENCES_THEN);
            after.failOver();
            after.set(Global.FENCES, fences);
            next.step("fail over", 0, after);
        }
    }
}
