package io.covey.cluster.dashboard;

/** Somebody who has logged in. */
final class Session {
    private final String id;
    private final String name;
    private final Role role;
    private final String csrf = Secrets.token();
    private final long since;
    private volatile long used;
    private volatile boolean ended;

    Session(String id, String name, Role role, long now) {
        this.id = id;
        this.name = name;
        this.role = role;
        this.since = now;
        this.used = now;
    }

    /** By which it is kept; not what the browser has. */
    String id() {
        return id;
    }

    String name() {
        return name;
    }

    Role role() {
        return role;
    }

    /** What each change must carry. */
    String csrf() {
        return csrf;
    }

    long since() {
        return since;
    }

    long used() {
        return used;
    }

    void use(long now) {
        used = now;
    }

    void end() {
        ended = true;
    }

    boolean ended() {
        return ended;
    }
}
