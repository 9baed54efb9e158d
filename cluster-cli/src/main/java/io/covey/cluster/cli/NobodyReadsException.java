package io.covey.cluster.cli;

/** What read the output has ended, as {@code head} does: there is nobody left to say anything to. */
final class NobodyReadsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NobodyReadsException(Throwable cause) {
        super("Nobody reads the output any more", cause);
    }
}
