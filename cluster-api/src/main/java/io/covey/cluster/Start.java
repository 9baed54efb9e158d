package io.covey.cluster;

/** Where in the history of a channel a subscriber begins. */
public sealed interface Start {

    /**
     * With what is published from now on.
     *
     * @return the start
     */
    static Start now() {
        return new Now();
    }

    /**
     * With the newest messages of the history.
     *
     * @param most how many, 1 to 10,000
     * @return the start
     */
    static Start last(int most) {
        return new Last(most);
    }

    /**
     * After a message that was heard before.
     *
     * @param position where it was
     * @return the start
     */
    static Start after(Position position) {
        return new After(position);
    }

    /** With what is published from now on. */
    record Now() implements Start {}

    /**
     * With the newest messages.
     *
     * @param most how many
     */
    record Last(int most) implements Start {
        private static final int MOST = 10_000;

        /** Checks the limits. */
        public Last {
            if (most < 1 || most > MOST) {
                throw new IllegalArgumentException(
                        "The last 1 to " + MOST + " messages can be asked for, were " + most);
            }
        }
    }

    /**
     * After a message.
     *
     * @param position where it was
     */
    record After(Position position) implements Start {}
}
