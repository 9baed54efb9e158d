package io.covey.cluster.dashboard;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.covey.cluster.ClusterException;
import io.covey.cluster.RefusedException;
import io.covey.cluster.TransportException;
import io.covey.cluster.spi.Await;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets requests in: those for a name of ours, of people who have logged in, and changes only from our own page by those who
 * may. What reads never changes anything.
 */
final class Door implements HttpHandler {
    private static final Logger LOG = LoggerFactory.getLogger(Door.class);
    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST");
    private static final String FORM = "application/x-www-form-urlencoded";

    private final Hosts hosts;
    private final Login login;
    private final StaticFiles files = new StaticFiles();
    private final Map<String, Route> reads;
    private final Map<String, Route> changes;
    private final Streams streams;
    private final Writes writes;

    Door(
            Hosts hosts,
            Login login,
            Map<String, Route> reads,
            Map<String, Route> changes,
            Streams streams,
            Writes writes) {
        this.hosts = hosts;
        this.login = login;
        this.reads = reads;
        this.changes = changes;
        this.streams = streams;
        this.writes = writes;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        boolean stays = false;
        try {
            Request request = new Request(exchange);
            Optional<Session> streaming = stream(request);
            if (streaming.isPresent()) {
                stays = streams.open(exchange, streaming.get());
                if (stays) {
                    return;
                }
                send(Answer.error(503, "Too many pages are open; close some"), exchange);
                return;
            }
            send(answer(request), exchange);
        } catch (IllegalArgumentException e) {
            send(Answer.error(400, Shown.line(String.valueOf(e.getMessage()))), exchange);
        } finally {
            if (!stays) {
                exchange.close();
            }
        }
    }

    private void send(Answer answer, HttpExchange exchange) throws IOException {
        writes.run(() -> answer.send(exchange));
    }

    private Optional<Session> stream(Request request) {
        return request.method().equals("GET") && request.path().equals("/events") && hosts.knows(request.header("Host"))
                ? login.session(request)
                : Optional.empty();
    }

    private Answer answer(Request request) throws IOException {
        if (!hosts.knows(request.header("Host"))) {
            return Answer.error(
                    403, "This dashboard is not served under that name; whoever runs it can allow a name (--host)");
        }
        if (!METHODS.contains(request.method())) {
            return Answer.error(405, "Only GET and POST are known here").with("Allow", "GET, HEAD, POST");
        }
        return request.changes() ? change(request) : read(request);
    }

    private Answer read(Request request) {
        String path = request.path();
        Optional<Session> session = login.session(request);
        Optional<Answer> file = files.find(request);
        if (file.isPresent() && path.equals("/login")) {
            return login.page(file.get(), session.isPresent());
        }
        if (file.isPresent()) {
            return StaticFiles.isPublic(path) || session.isPresent() ? file.get() : login.enter();
        }
        Route route = reads.get(path);
        if (route == null) {
            return path.equals("/events") ? unknown() : Answer.error(404, "There is nothing here");
        }
        return session.map(who -> run(route, request, who)).orElseGet(Door::unknown);
    }

    private static Answer unknown() {
        return Answer.error(401, "Log in first");
    }

    private Answer change(Request request) throws IOException {
        if (!Hosts.isOwn(request.header("Origin"), request.header("Host"))) {
            return Answer.error(403, "A change must come from the dashboard's own page");
        }
        if (request.header("Content-Type").filter(type -> type.startsWith(FORM)).isEmpty()) {
            return Answer.error(415, "A change is a form");
        }
        if (!request.readForm()) {
            return Answer.error(413, "The request is too large");
        }
        if (request.path().equals("/login")) {
            return login.login(request);
        }
        Route route = changes.get(request.path());
        boolean leaves = request.path().equals("/logout");
        if (route == null && !leaves) {
            return Answer.error(404, "There is nothing here");
        }
        Optional<Session> session = login.session(request);
        if (session.isEmpty()) {
            return unknown();
        }
        if (request.header("X-Covey-Csrf")
                .filter(token -> Secrets.same(token, session.get().csrf()))
                .isEmpty()) {
            return Answer.error(403, "The page is too old; load it again");
        }
        if (leaves || route == null) {
            return login.logout(session.get());
        }
        if (session.get().role() != Role.OPERATOR) {
            return Answer.error(403, "You may look, but not change anything");
        }
        Answer answer = run(route, request, session.get());
        LOG.info(
                "Dashboard: {} asked for {}: {} {}",
                Shown.name(session.get().name()),
                request.path(),
                answer.status(),
                answer.text());
        return answer;
    }

    private static Answer run(Route route, Request request, Session session) {
        try {
            return route.answer(request, session);
        } catch (Exception thrown) {
            Throwable cause = Await.unwrap(thrown);
            String text = Shown.line(String.valueOf(cause.getMessage()));
            if (cause instanceof IllegalArgumentException) {
                return Answer.error(400, text);
            }
            if (cause instanceof RefusedException) {
                return Answer.error(409, text);
            }
            if (cause instanceof TransportException) {
                return Answer.error(503, text);
            }
            if (cause instanceof ClusterException || cause instanceof IllegalStateException) {
                return Answer.error(500, text);
            }
            LOG.warn("Dashboard: {} failed", request.path(), cause);
            return Answer.error(500, "This failed: " + cause.getClass().getSimpleName() + "; the log says more");
        }
    }
}
