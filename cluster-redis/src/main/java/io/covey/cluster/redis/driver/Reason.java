package io.covey.cluster.redis.driver;

import io.covey.cluster.TransportException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/** Turns what a client library threw into one line for people. */
public final class Reason {

    static final String NO_ANSWER = "no answer in time";
    static final String ON_DEMAND = "given up on demand";

    /** Not in the server's words, which repeat what was sent, the password too. */
    static final String TOO_OLD =
            "it is older than Redis 6.0, since it knows no HELLO; Redis 6.2 or newer, or Valkey, is needed:"
                    + " upgrade the server";

    /** What native transports of Netty put before the words of the system. */
    private static final Pattern NATIVE = Pattern.compile("^\\w+\\(\\.\\.\\) failed with error\\(-?\\d+\\): *");

    private Reason() {}

    /**
     * Tells what is behind a failure.
     *
     * @param thrown by a client library
     * @return one line
     */
    public static String of(Throwable thrown) {
        Optional<String> tls = thrown instanceof TransportException ? Optional.empty() : TlsReason.of(thrown);
        if (tls.isPresent()) {
            return tls.get();
        }
        Throwable cause = thrown;
        while (cause.getCause() != null && cause.getCause() != cause && !(cause instanceof TransportException)) {
            cause = cause.getCause();
        }
        if (cause.getSuppressed().length > 0 && !(cause instanceof TransportException)) {
            cause = cause.getSuppressed()[0];
        }
        String text = cause.getMessage() == null
                ? ""
                : NATIVE.matcher(cause.getMessage().strip()).replaceFirst("");
        if (cause instanceof UnknownHostException) {
            return "the host name cannot be resolved";
        }
        if (cause instanceof NoRouteToHostException) {
            return "no route to the host";
        }
        if (cause instanceof SocketTimeoutException || cause instanceof TimeoutException) {
            return NO_ANSWER;
        }
        if (text.contains("Connection refused")) {
            return "connection refused";
        }
        if (text.contains("unknown command") && text.contains("HELLO")) {
            return TOO_OLD;
        }
        if (text.startsWith("NOAUTH")) {
            return "NOAUTH, it wants a password: write redis://[user]:password@host";
        }
        int end = text.indexOf('\n');
        return text.isEmpty()
                ? cause.getClass().getSimpleName()
                : end < 0 ? text : text.substring(0, end).strip();
    }
}
