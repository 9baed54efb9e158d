package io.covey.cluster.supervisor;

import java.net.URI;
import java.time.Duration;
import java.util.Locale;

/** How a {@link Supervisor} learns that a process is ready. */
public sealed interface Readiness {

    /**
     * The process says so, by a line on its standard output that is a JSON object with {@code "event":"ready"}, or by
     * creating the file {@code $COVEY_READY_FILE}.
     *
     * @return the way
     */
    static Readiness told() {
        return new Told();
    }

    /**
     * The process says so as in {@link #told()}, or has lived for a time. Once one process of the supervisor has said so,
     * however late, all others are waited for to say so: the time is for programs that never do.
     *
     * @param time how long
     * @return the way
     */
    static Readiness toldOrAfter(Duration time) {
        return new ToldOrAfter(Limits.positive("the time until a process counts as ready", time));
    }

    /**
     * The process has lived for a time. Whether it works then is not known.
     *
     * @param time how long
     * @return the way
     */
    static Readiness after(Duration time) {
        return new After(Limits.positive("the time until a process counts as ready", time));
    }

    /**
     * A GET is answered with a status of 200 to 299. Redirects are not followed.
     *
     * @param url where, {@code http} or {@code https}; {@code {port}}, {@code {name}} and {@code {slot}} in it are replaced
     * @return the way
     * @throws IllegalArgumentException if it is no such URL
     */
    static Readiness http(String url) {
        String scheme = "";
        try {
            URI uri = URI.create(Placeholders.any(url));
            scheme = uri.getScheme() == null || uri.getHost() == null
                    ? ""
                    : uri.getScheme().toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException e) {
            // Said below.
        }
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw new IllegalArgumentException(
                    "readiness is asked for at a URL such as http://127.0.0.1:{port}/health/ready, was \"" + url
                            + "\"");
        }
        return new Http(url);
    }

    /** See {@link #told()}. */
    record Told() implements Readiness {}

    /**
     * See {@link #toldOrAfter}.
     *
     * @param time how long
     */
    record ToldOrAfter(Duration time) implements Readiness {}

    /**
     * See {@link #after}.
     *
     * @param time how long
     */
    record After(Duration time) implements Readiness {}

    /**
     * See {@link #http}.
     *
     * @param url where
     */
    record Http(String url) implements Readiness {}
}
