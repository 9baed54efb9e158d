package io.covey.cluster.rpc;

/** Whom a call is for. */
public sealed interface Target {

    /**
     * One member that serves the procedure and is not busy; others are tried until one answers.
     *
     * @return the target
     */
    static Target any() {
        return new Any();
    }

    /**
     * Every member, the caller included; the first answer counts.
     *
     * @return the target
     */
    static Target all() {
        return new All();
    }

    /**
     * One member.
     *
     * @param id its id, as in {@link io.covey.cluster.Node#id()}
     * @return the target
     */
    static Target node(String id) {
        return new OneNode(id);
    }

    /**
     * The member that holds something, as registered with {@link io.covey.cluster.Owners#hold}.
     *
     * @param kind for example {@code connection}
     * @param key which one
     * @return the target
     */
    static Target owner(String kind, String key) {
        return new Owner(kind, key);
    }

    /** See {@link #any()}. */
    record Any() implements Target {}

    /** See {@link #all()}. */
    record All() implements Target {}

    /**
     * See {@link #node}.
     *
     * @param id the node's id
     */
    record OneNode(String id) implements Target {}

    /**
     * See {@link #owner}.
     *
     * @param kind what kind of thing
     * @param key which one
     */
    record Owner(String kind, String key) implements Target {}
}
