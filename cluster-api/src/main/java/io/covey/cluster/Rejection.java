package io.covey.cluster;

/** Why a message was not let in, in the order of the checks: the cheap ones come first. */
public enum Rejection {
    /** Over the frame limit of the settings. */
    SIZE("it is over the frame limit"),
    /** Not of this version of Covey, or not of Covey at all. */
    VERSION("its version is unknown: a message of another make, or of a newer one"),
    /** No envelope, or one with a field out of its limits. */
    PARSE("it is no envelope"),
    /** Made for another channel than it was published on. */
    CHANNEL("it was made for another channel"),
    /** Its sender has no server token. */
    UNSIGNED("it is not signed: its sender has no server token"),
    /** Signed with a token that this node does not accept. */
    KEY("it is signed with a server token that is not ours"),
    /** The signature does not fit: made without the token, or changed on the way. */
    MAC("its signature is wrong"),
    /** From before the subscription, or too far from now. */
    TIME("it is too old or from the future"),
    /** Seen already. */
    REPLAY("it came before"),
    /** More senders and channels in one subscription than are kept apart. */
    SENDERS("too many senders are heard at once");

    private final String reason;

    Rejection(String reason) {
        this.reason = reason;
    }

    /**
     * The reason as it is said in logs.
     *
     * @return the end of a sentence
     */
    public String reason() {
        return reason;
    }
}
