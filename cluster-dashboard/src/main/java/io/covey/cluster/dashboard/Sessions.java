package io.covey.cluster.dashboard;

import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/** Who is logged in. What the browser keeps is kept here as a digest only. */
final class Sessions {
    private static final int MOST = 500;

    private final Map<String, Session> sessions = new ConcurrentHashMap<>();
    private final Duration longest;
    private final Duration idle;
    private final LongSupplier nanos;

    /**
     * @param longest a session ends after this time
     * @param idle and after this time without a request or an open page
     */
    Sessions(Duration longest, Duration idle, LongSupplier nanos) {
        this.longest = longest;
        this.idle = idle;
        this.nanos = nanos;
    }

    /** What the browser keeps, and the session. */
    record Opened(String token, Session session) {}

    Opened open(String name, Role role) {
        sessions.values().stream().filter(this::isOver).forEach(this::end);
        while (sessions.size() >= MOST) {
            sessions.values().stream()
                    .min(Comparator.comparingLong(Session::used))
                    .ifPresent(this::end);
        }
        String token = Secrets.token();
        Session session = new Session(key(token), name, role, nanos.getAsLong());
        sessions.put(session.id(), session);
        return new Opened(token, session);
    }

    Optional<Session> find(String token) {
        Optional<Session> found = Optional.ofNullable(sessions.get(key(token)));
        found.filter(this::isOver).ifPresent(this::end);
        Optional<Session> live = found.filter(session -> !session.ended());
        live.ifPresent(session -> session.use(nanos.getAsLong()));
        return live;
    }

    /** Whether an open page may go on; being open counts as use. */
    boolean goesOn(Session session) {
        if (session.ended() || isOver(session)) {
            end(session);
            return false;
        }
        session.use(nanos.getAsLong());
        return true;
    }

    void end(Session session) {
        session.end();
        sessions.remove(session.id(), session);
    }

    private boolean isOver(Session session) {
        long now = nanos.getAsLong();
        return Duration.ofNanos(now - session.since()).compareTo(longest) > 0
                || Duration.ofNanos(now - session.used()).compareTo(idle) > 0;
    }

    private static String key(String token) {
        return Secrets.digest(Secrets.bytes(token));
    }
}
