package io.covey.cluster.core.messaging;

/** Why a frame was not let in, in the order of the checks. */
enum Rejection {
    SIZE("it is over the frame limit"),
    VERSION("its version is unknown: a message of another make, or of a newer one"),
    PARSE("it is no envelope"),
    UNSIGNED("it is not signed: its sender has no server token"),
    KEY("it is signed with a server token that is not ours"),
    MAC("its signature is wrong"),
    CHANNEL("it was made for another channel"),
    TIME("it is too old or from the future"),
    REPLAY("it came before"),
    SENDERS("too many senders are heard at once");

    private final String reason;

    Rejection(String reason) {
        this.reason = reason;
    }

    String reason() {
        return reason;
    }
}
