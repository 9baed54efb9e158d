package io.covey.cluster;

/**
 * The bounded queue before a subscriber. One message finds room whatever its size.
 *
 * @param messages how many may wait, 1 to 1,000,000
 * @param bytes how many bytes of messages may wait, 1 to 1 GiB
 * @param whenFull what happens then
 */
public record Backlog(int messages, long bytes, Overflow whenFull) {
    private static final int MOST_MESSAGES = 1_000_000;
    private static final long MOST_BYTES = 1L << 30;

    /** 10,000 messages or 16 MiB, then the oldest are dropped. */
    public static final Backlog DEFAULT = new Backlog(10_000, 16L << 20, Overflow.DROP_OLDEST);

    /** Checks the limits. */
    public Backlog {
        if (messages < 1 || messages > MOST_MESSAGES) {
            throw new IllegalArgumentException("1 to " + MOST_MESSAGES + " messages may wait, were " + messages);
        }
        if (bytes < 1 || bytes > MOST_BYTES) {
            throw new IllegalArgumentException("1 to " + MOST_BYTES + " bytes may wait, were " + bytes);
        }
    }

    /**
     * The default with another number of messages.
     *
     * @param messages how many may wait
     * @return the backlog
     */
    public static Backlog of(int messages) {
        return new Backlog(messages, DEFAULT.bytes, DEFAULT.whenFull);
    }

    /**
     * The same with another number of bytes.
     *
     * @param most how many bytes may wait
     * @return the backlog
     */
    public Backlog bytes(long most) {
        return new Backlog(messages, most, whenFull);
    }

    /**
     * The same with another end.
     *
     * @param policy what happens when it is full
     * @return the backlog
     */
    public Backlog whenFull(Overflow policy) {
        return new Backlog(messages, bytes, policy);
    }
}
