package io.covey.cluster.tck.model;

import io.covey.cluster.tck.model.Field.Copy;
import io.covey.cluster.tck.model.Field.CopyOf;
import io.covey.cluster.tck.model.Field.Global;
import io.covey.cluster.tck.model.Field.Holding;
import io.covey.cluster.tck.model.Field.Lane;
import io.covey.cluster.tck.model.Field.Process;
import io.covey.cluster.tck.model.Field.Seen;
import io.covey.cluster.tck.model.Field.Stored;
import java.util.Arrays;

/** One state of the model: all its numbers in one array, the server's first, then those of its snapshot. */
final class State {
    private static final int STORED = Stored.values().length;
    private static final int LANE = Lane.values().length;
    private static final int SEEN = Seen.values().length;
    private static final int PROCESS = Process.values().length;
    private static final int HOLDING = Holding.values().length;
    private static final int COPY = Copy.values().length;
    private static final int COPY_OF = CopyOf.values().length;
    private static final int GLOBAL = Global.values().length;

    final Bounds bounds;
    private final byte[] v;
    private final int server;
    private final int seen;
    private final int process;
    private final int holding;
    private final int copy;
    private final int copyOf;
    private final int global;

    private State(Bounds bounds, byte[] values) {
        this.bounds = bounds;
        this.server = STORED * bounds.jobs() + LANE * bounds.owners();
        this.seen = server * (1 + bounds.failovers());
        this.process = seen + SEEN * bounds.jobs();
        this.holding = process + PROCESS * bounds.workers();
        this.copy = holding + HOLDING * bounds.workers() * bounds.jobs();
        this.copyOf = copy + COPY;
        this.global = copyOf + COPY_OF * bounds.jobs();
        this.v = values.length == 0 ? new byte[global + GLOBAL] : values;
    }

    static State first(Bounds bounds) {
        State state = new State(bounds, new byte[0]);
        for (int worker = 0; worker < bounds.workers(); worker++) {
            state.set(worker, Process.OWNER, worker);
        }
        state.set(Global.NEXT_OWNER, bounds.workers());
        return state;
    }

    static State of(Bounds bounds, byte[] values) {
        return new State(bounds, values);
    }

    State copy() {
        return new State(bounds, v.clone());
    }

    byte[] values() {
        return v;
    }

    int get(int job, Stored field) {
        return v[job * STORED + field.ordinal()];
    }

    void set(int job, Stored field, int value) {
        v[job * STORED + field.ordinal()] = (byte) value;
    }

    int get(int owner, Lane field) {
        return v[STORED * bounds.jobs() + owner * LANE + field.ordinal()];
    }

    void set(int owner, Lane field, int value) {
        v[STORED * bounds.jobs() + owner * LANE + field.ordinal()] = (byte) value;
    }

    int get(int job, Seen field) {
        return v[seen + job * SEEN + field.ordinal()];
    }

    void set(int job, Seen field, int value) {
        v[seen + job * SEEN + field.ordinal()] = (byte) value;
    }

    int get(int worker, Process field) {
        return v[process + worker * PROCESS + field.ordinal()];
    }

    void set(int worker, Process field, int value) {
        v[process + worker * PROCESS + field.ordinal()] = (byte) value;
    }

    int get(int worker, int job, Holding field) {
        return v[holding + (worker * bounds.jobs() + job) * HOLDING + field.ordinal()];
    }

    void set(int worker, int job, Holding field, int value) {
        v[holding + (worker * bounds.jobs() + job) * HOLDING + field.ordinal()] = (byte) value;
    }

    int get(Copy field) {
        return v[copy + field.ordinal()];
    }

    void set(Copy field, int value) {
        v[copy + field.ordinal()] = (byte) value;
    }

    int get(int job, CopyOf field) {
        return v[copyOf + job * COPY_OF + field.ordinal()];
    }

    void set(int job, CopyOf field, int value) {
        v[copyOf + job * COPY_OF + field.ordinal()] = (byte) value;
    }

    int get(Global field) {
        return v[global + field.ordinal()];
    }

    void set(Global field, int value) {
        v[global + field.ordinal()] = (byte) value;
    }

    void add(Global field, int more) {
        set(field, get(field) + more);
    }

    /** The first promise that was seen broken. */
    void bad(Promise promise) {
        if (get(Global.BAD) == 0) {
            set(Global.BAD, promise.ordinal() + 1);
        }
    }

    /** A replica has all writes until now. */
    void replicate() {
        System.arraycopy(v, 0, v, server, server);
        set(Global.SNAPSHOT, 1);
        set(Global.FENCES_THEN, get(Global.FENCES));
    }

    /** The replica is the server from now on. */
    void failOver() {
        System.arraycopy(v, server, v, 0, server);
        forgetSnapshot();
        set(Global.SNAPSHOT, 3);
    }

    void forgetSnapshot() {
        Arrays.fill(v, server, 2 * server, (byte) 0);
        set(Global.SNAPSHOT, 2);
        set(Global.WRITES, 0);
        set(Global.FENCES_THEN, 0);
    }

    boolean failedOver() {
        return get(Global.SNAPSHOT) == 3;
    }

    boolean sameServer(State other) {
        return Arrays.equals(v, 0, server, other.v, 0, server);
    }

    void clear(int worker) {
        int own = get(worker, Process.OWNER);
        int from = process + worker * PROCESS;
        Arrays.fill(v, from, from + PROCESS, (byte) 0);
        int held = holding + worker * bounds.jobs() * HOLDING;
        Arrays.fill(v, held, held + bounds.jobs() * HOLDING, (byte) 0);
        set(worker, Process.OWNER, own);
    }

    void clear(int worker, int job) {
        int from = holding + (worker * bounds.jobs() + job) * HOLDING;
        Arrays.fill(v, from, from + HOLDING, (byte) 0);
    }

    void clearCopy() {
        Arrays.fill(v, copy, global, (byte) 0);
    }
}
