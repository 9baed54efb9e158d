package io.covey.cluster.dashboard;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who asks: by the cookie that a login gave. */
final class Login {
    private static final Logger LOG = LoggerFactory.getLogger(Login.class);

    private final Sessions sessions;
    private final Logins logins;
    private final LoginGate gate;
    private final Proxy proxy;
    private final String cookie;
    private final Optional<Role> open;

    /**
     * @param cookie the name of the cookie; another for each port, since cookies know no ports
     * @param open what everybody may do without a login; empty where people log in
     */
    Login(Sessions sessions, Logins logins, LoginGate gate, Proxy proxy, String cookie, Optional<Role> open) {
        this.sessions = sessions;
        this.logins = logins;
        this.gate = gate;
        this.proxy = proxy;
        this.cookie = cookie;
        this.open = open;
    }

    Optional<Session> session(Request request) {
        return request.cookie(cookie).flatMap(sessions::find);
    }

    /** For somebody who opens the page and is not logged in. */
    Answer enter() {
        Answer answer = Answer.redirect("/login");
        return open.map(role -> in(answer, role)).orElse(answer);
    }

    /**
     * What is answered at the login. Where nobody logs in it leads on to the page; a browser that came by a link from elsewhere
     * keeps the cookie but sends it from a page of ours only, so that it is shown one.
     */
    Answer page(Answer file, boolean isIn) {
        return open.map(role -> isIn ? Answer.redirect("/") : in(file, role)).orElse(file);
    }

    private Answer in(Answer answer, Role role) {
        return cookie(answer, sessions.open("everybody", role).token());
    }

    Answer login(Request request) {
        String address = proxy.address(request);
        Optional<Duration> wait = gate.admit(address);
        if (wait.isPresent()) {
            return tooSoon(wait.get());
        }
        String name = request.form("name").orElse("");
        Logins.Attempt attempt = logins.check(name, request.form("password").orElse(""));
        if (attempt instanceof Logins.Attempt.In in) {
            gate.uncount(address, true);
            session(request).ifPresent(sessions::end);
            LOG.info("Dashboard: {} logged in from {}", Shown.name(name), Shown.name(address));
            Sessions.Opened opened = sessions.open(in.user().name(), in.user().role());
            return cookie(
                    isPlainForm(request) ? Answer.redirect("/") : Answer.json(Json.object("ok", true)), opened.token());
        }
        if (attempt instanceof Logins.Attempt.Busy) {
            gate.uncount(address, false);
            return tooSoon(Duration.ofSeconds(1));
        }
        LOG.warn("Dashboard: a wrong login as {} from {}", Shown.name(name), Shown.name(address));
        return isPlainForm(request)
                ? Answer.redirect("/login")
                : Answer.error(401, "The name or the password is wrong");
    }

    /** Sent before the script of the page ran. */
    private static boolean isPlainForm(Request request) {
        return request.header("Accept")
                .filter(accepted -> accepted.contains("text/html"))
                .isPresent();
    }

    private static Answer tooSoon(Duration wait) {
        long seconds = wait.plusMillis(999).toSeconds();
        return Answer.json(
                        429,
                        Json.object("error", "Too many wrong logins; try again in " + seconds + " s", "wait", seconds))
                .with("Retry-After", Long.toString(seconds));
    }

    Answer logout(Session session) {
        sessions.end(session);
        return new Answer(204, Map.of(), new byte[0])
                .with("Set-Cookie", cookie + "=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict");
    }

    private Answer cookie(Answer answer, String token) {
        return answer.with(
                "Set-Cookie",
                cookie + "=" + token + "; Path=/; HttpOnly; SameSite=Strict" + (proxy.secure() ? "; Secure" : ""));
    }
}
