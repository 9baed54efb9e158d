package io.covey.cluster.tck.model;

import io.covey.cluster.tck.model.Field.Global;
import io.covey.cluster.tck.model.Field.Lane;
import io.covey.cluster.tck.model.Field.Seen;
import io.covey.cluster.tck.model.Field.Stored;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

/** The scripts of the protocol, each one step; it may be that a rule is broken. */
final class Server {
    private final Bounds bounds;
    private final Set<Rule> broken;

    Server(Bounds bounds, Set<Rule> broken) {
        this.bounds = bounds;
        this.broken = broken.isEmpty() ? EnumSet.noneOf(Rule.class) : EnumSet.copyOf(broken);
    }

    /** One turn: for each task what is wanted and with which fence and claim, then how many more. */
    record Turn(Verb[] verbs, int[] fences, int[] claims, int limit, boolean solo) {

        boolean settles() {
            return Arrays.stream(verbs).anyMatch(verb -> verb != Verb.NOTHING);
        }

        /** How many it settles otherwise than as done. */
        int gives() {
            return (int) Arrays.stream(verbs)
                    .filter(verb -> verb != Verb.NOTHING && verb != Verb.DONE)
                    .count();
        }
    }

    boolean holds(Rule rule) {
        return !broken.contains(rule);
    }

    boolean isLeased(State state, int job) {
        return state.get(job, Stored.META) == 1
                && state.get(job, Stored.REDO) + state.get(job, Stored.LAST) + state.get(job, Stored.RETRY) == 0;
    }

    int leased(State state) {
        int count = 0;
        for (int job = 0; job < bounds.jobs(); job++) {
            count += isLeased(state, job) ? 1 : 0;
        }
        return count;
    }

    private boolean hasPlace(State state) {
        return bounds.concurrency() == 0 || leased(state) < bounds.concurrency();
    }

    void enqueue(State state, int job) {
        if (state.get(job, Stored.KNOWN_ID) == 0 || !holds(Rule.KNOWN_IDS)) {
            state.set(job, Stored.QUEUE, state.get(job, Stored.QUEUE) + 1);
            state.set(job, Stored.KNOWN_ID, 1);
        }
    }

    /** A call of the newest step of a lane arrives; the answer is which tasks it claimed, as bits. */
    int arrive(State state, int owner, Turn turn) {
        if (state.get(owner, Lane.RECORDED) == 1 && holds(Rule.REPEATS_ARE_ANSWERED_AGAIN)) {
            return replay(state, owner);
        }
        int claimed = turn(state, owner, turn);
        if (claimed != 0 || turn.settles() || holds(Rule.EMPTY_ANSWERS_ARE_RECORDED)) {
            state.set(owner, Lane.RECORDED, 1);
            state.set(owner, Lane.CLAIMED, claimed);
            state.set(owner, Lane.FENCE, claimed == 0 ? 0 : state.get(Global.FENCES));
        }
        return claimed;
    }

    private int replay(State state, int owner) {
        int still = 0;
        for (int job = 0; job < bounds.jobs(); job++) {
            boolean was = (state.get(owner, Lane.CLAIMED) & 1 << job) != 0;
            boolean newest = state.get(job, Stored.FENCE) == state.get(owner, Lane.FENCE);
            if (was && isLeased(state, job) && newest && state.get(job, Stored.OWNER) == owner) {
                still |= 1 << job;
                state.set(owner, Lane.LEASE, 1);
            }
        }
        return still;
    }

    int turn(State state, int owner, Turn turn) {
        int claimed;
        if (holds(Rule.SETTLE_BEFORE_CLAIM)) {
            settle(state, turn);
            claimed = claim(state, owner, turn.limit(), turn.solo());
        } else {
            claimed = claim(state, owner, turn.limit(), turn.solo());
            settle(state, turn);
        }
        if (Integer.bitCount(claimed) < turn.limit() && !isLastTry(state, claimed) && hasPlace(state)) {
            for (int job = 0; job < bounds.jobs(); job++) {
                if (waits(state, job) > 0) {
                    state.bad(Promise.NOTHING_LEFT);
                }
            }
        }
        return claimed;
    }

    private static int waits(State state, int job) {
        return state.get(job, Stored.QUEUE) + state.get(job, Stored.REDO) + state.get(job, Stored.RETRY);
    }

    private boolean isLastTry(State state, int claimed) {
        return Integer.bitCount(claimed) == 1
                && state.get(Integer.numberOfTrailingZeros(claimed), Stored.DELIVERIES) == bounds.mostDeliveries();
    }

    private void settle(State state, Turn turn) {
        for (int job = 0; job < bounds.jobs(); job++) {
            if (turn.verbs()[job] != Verb.NOTHING) {
                settle(state, job, turn.verbs()[job], turn.fences()[job], turn.claims()[job]);
            }
        }
    }

    void settle(State state, int job, Verb verb, int fence, int claim) {
        if (state.get(job, Stored.META) == 0) {
            return;
        }
        boolean newest = fence > 0 && state.get(job, Stored.FENCE) == fence;
        if (!newest && holds(Rule.FENCE)) {
            return;
        }
        if (verb != Verb.DONE && !isLeased(state, job) && !holds(Rule.LATE_SETTLEMENT_OF_ALL_KINDS)) {
            state.bad(Promise.NEWEST_FENCE_DECIDES);
            return;
        }
        if (!newest || claim > 0 && claim != state.get(job, Stored.CLAIM)) {
            state.bad(Promise.OLD_FENCES_ARE_REFUSED);
        }
        if (state.get(job, Seen.SETTLED_CLAIM) == state.get(job, Stored.CLAIM) && !state.failedOver()) {
            state.bad(Promise.ONE_END);
        }
        state.set(job, Seen.SETTLED_CLAIM, state.get(job, Stored.CLAIM));
        if (holds(Rule.LATE_SETTLEMENT_REMOVES)) {
            state.set(job, Stored.REDO, 0);
            state.set(job, Stored.LAST, 0);
            state.set(job, Stored.RETRY, 0);
        }
        if (verb.givesUp()) {
            giveUp(state, job, verb);
        } else {
            end(state, job, verb == Verb.DONE ? Stored.DONE : Stored.DEAD);
        }
    }

    private void giveUp(State state, int job, Verb verb) {
        int deliveries = state.get(job, Stored.DELIVERIES);
        boolean last = deliveries >= bounds.mostDeliveries() && holds(Rule.RELEASED_LAST_TRY_STAYS_ONE);
        state.set(job, Stored.DELIVERIES, verb == Verb.RETRY ? 0 : deliveries - 1);
        add(state, job, verb == Verb.RETRY ? Stored.RETRY : last ? Stored.LAST : Stored.REDO);
        if (holds(Rule.GIVING_UP_ENDS_THE_FENCE)) {
            state.set(job, Stored.FENCE, 0);
        }
    }

    private void end(State state, int job, Stored how) {
        state.set(job, how, 1);
        state.set(job, Seen.ENDED, state.get(job, Seen.ENDED) + 1);
        for (Stored field : Set.of(Stored.META, Stored.FENCE, Stored.DELIVERIES, Stored.OWNER, Stored.CLAIM)) {
            state.set(job, field, 0);
        }
    }

    private static void add(State state, int job, Stored place) {
        state.set(job, place, state.get(job, place) + 1);
    }

    private int claim(State state, int owner, int limit, boolean solo) {
        int claimed = solo && limit > 0 && hasPlace(state) ? lastTry(state) : 0;
        if (claimed == 0) {
            claimed = others(state, limit);
        }
        if (claimed != 0) {
            leaseAll(state, owner, claimed);
        }
        return claimed;
    }

    private int others(State state, int limit) {
        int room = bounds.concurrency() == 0 ? limit : Math.min(limit, bounds.concurrency() - leased(state));
        int claimed = 0;
        for (Stored place : new Stored[] {Stored.REDO, Stored.RETRY, Stored.QUEUE}) {
            for (int job = 0; job < bounds.jobs(); job++) {
                if (Integer.bitCount(claimed) < room && state.get(job, place) > 0) {
                    state.set(job, place, state.get(job, place) - 1);
                    claimed |= 1 << job;
                }
            }
        }
        return claimed;
    }

    private int lastTry(State state) {
        for (int job = 0; job < bounds.jobs(); job++) {
            if (state.get(job, Stored.LAST) > 0) {
                state.set(job, Stored.LAST, state.get(job, Stored.LAST) - 1);
                return 1 << job;
            }
        }
        return 0;
    }

    private void leaseAll(State state, int owner, int claimed) {
        state.add(Global.FENCES, 1);
        state.add(Global.CLAIMS, 1);
        for (int job = 0; job < bounds.jobs(); job++) {
            if ((claimed & 1 << job) != 0) {
                lease(state, owner, job);
            }
        }
        for (int job = 0; job < bounds.jobs(); job++) {
            boolean last = state.get(job, Stored.DELIVERIES) == bounds.mostDeliveries();
            if (last && (claimed & 1 << job) != 0 && leasedOf(state, owner) > 1) {
                state.bad(Promise.LAST_TRY_ALONE);
            }
        }
    }

    void lease(State state, int owner, int job) {
        int deliveries = state.get(job, Stored.DELIVERIES) + 1;
        if (deliveries > bounds.mostDeliveries()) {
            state.bad(Promise.MOST_DELIVERIES);
        }
        state.set(job, Stored.META, 1);
        state.set(job, Stored.DELIVERIES, deliveries);
        state.set(job, Stored.FENCE, state.get(Global.FENCES));
        state.set(job, Stored.CLAIM, state.get(Global.CLAIMS));
        state.set(job, Stored.OWNER, owner);
        state.set(owner, Lane.LEASE, 1);
    }

    private int leasedOf(State state, int owner) {
        int count = 0;
        for (int job = 0; job < bounds.jobs(); job++) {
            count += isLeased(state, job) && state.get(job, Stored.OWNER) == owner ? 1 : 0;
        }
        return count;
    }

    /** Whether the task is still the owner's, taken back if it waits to run again. */
    boolean beat(State state, int owner, int job, int fence) {
        boolean mine = state.get(job, Stored.META) == 1
                && state.get(job, Stored.FENCE) == fence
                && state.get(job, Stored.OWNER) == owner;
        if (mine && !isLeased(state, job)) {
            mine = hasPlace(state) || !holds(Rule.TAKING_BACK_NEEDS_A_PLACE);
            if (mine) {
                state.set(job, Stored.REDO, 0);
                state.set(job, Stored.LAST, 0);
            }
        }
        if (mine) {
            state.set(owner, Lane.LEASE, 1);
        }
        return mine;
    }

    void reap(State state, int owner) {
        boolean moved = false;
        for (int job = 0; job < bounds.jobs(); job++) {
            boolean his = isLeased(state, job) && state.get(job, Stored.OWNER) == owner;
            if (his && (!moved || holds(Rule.REAP_ALL_OF_AN_OWNER))) {
                moved = true;
                reapOne(state, job);
            }
        }
        state.set(owner, Lane.LEASE, 0);
        state.add(Global.REAPS, moved ? 1 : 0);
    }

    private void reapOne(State state, int job) {
        int deliveries = state.get(job, Stored.DELIVERIES);
        if (deliveries >= bounds.mostDeliveries()) {
            end(state, job, Stored.DEAD);
            return;
        }
        Stored place = deliveries + 1 >= bounds.mostDeliveries() ? Stored.LAST : Stored.REDO;
        add(state, job, place);
        if (!holds(Rule.REAP_ONCE)) {
            add(state, job, place);
        }
    }
}
