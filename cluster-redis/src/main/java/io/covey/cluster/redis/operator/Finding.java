package io.covey.cluster.redis.operator;

/**
 * Something about a server that whoever looks after it should know. All texts are one line of printable characters, whatever the
 * server said.
 *
 * @param level how bad it is
 * @param check what was looked at, one word such as {@code eviction}
 * @param server whose, as host and port, or what the URI says if it is about all of them
 * @param what is the case, with the value that was found
 * @param endangers which of our promises, in the words of {@code docs/guarantees.md}; empty if none
 * @param change what to write into {@code redis.conf}, or else to do; empty if nothing is to be done
 */
public record Finding(Level level, String check, String server, String what, String endangers, String change) {

    /** How bad it is, the worst first. */
    public enum Level {
        /** Data that was accepted may be lost, or is refused now. */
        DANGER,
        /** Nothing is lost by it yet; it will hurt under load or in the next fault. */
        WARNING,
        /** The user of the URI may not look at it, so nothing is known. */
        UNSEEN,
        /** Good to know. */
        INFO
    }
}
