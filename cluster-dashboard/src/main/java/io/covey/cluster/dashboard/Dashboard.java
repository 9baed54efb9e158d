package io.covey.cluster.dashboard;

import com.sun.net.httpserver.HttpServer;
import io.covey.cluster.Cluster;
import io.covey.cluster.Registration;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A web page that shows a cluster and lets an operator act on it, served by this process. Any number of nodes may serve one,
 * each for the whole cluster.
 *
 * <pre>{@code
 * Dashboard dashboard = Dashboard.on(cluster).port(8080).user("ada", password, Role.OPERATOR).start();
 * }</pre>
 *
 * <p>It asks the backend once each interval, however many pages are open, and not at all while none is; what takes long is asked
 * seldom. It is closed with its node.
 */
public final class Dashboard implements AutoCloseable {
    private final URI uri;
    private final Optional<String> password;
    private final HttpServer server;
    private final Parts parts;
    private final Registration withNode;
    private final AtomicBoolean closed = new AtomicBoolean();

    private Dashboard(URI uri, Optional<String> password, HttpServer server, Parts parts, Cluster cluster) {
        this.uri = uri;
        this.password = password;
        this.server = server;
        this.parts = parts;
        this.withNode = cluster.closeWith(drain -> close());
    }

    /**
     * A dashboard of a cluster: on the loopback address, at port 8080, for the user {@code admin} with a new password.
     *
     * @param cluster a running node
     * @return nothing is served before {@link Builder#start}
     */
    public static Builder on(Cluster cluster) {
        return new Builder(cluster);
    }

    /**
     * Where it is served.
     *
     * @return for example {@code http://127.0.0.1:8080/}
     */
    public URI uri() {
        return uri;
    }

    /**
     * The password of the user {@code admin}, made because no user was named: to be told once to whoever started this.
     *
     * @return empty if users were named, or nobody has to log in
     */
    public Optional<String> newPassword() {
        return password;
    }

    /** How many pages are open. */
    int pages() {
        return parts.pages();
    }

    /** Whether the backend is being asked. */
    boolean isAwake() {
        return parts.isAwake();
    }

    /** Ends it: open pages are told by the end of their connections. Twice is fine. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            withNode.close();
            parts.close();
            server.stop(0);
            parts.end();
        }
    }

    /** Says where a dashboard is served and who may use it. */
    public static final class Builder {
        private static final Duration SHORTEST_INTERVAL = Duration.ofMillis(200);
        private static final Duration LONGEST_INTERVAL = Duration.ofMinutes(5);
        private static final int MOST_PORT = 65_535;
        private static final int BACKLOG = 50;
        private static final String ADMIN = "admin";

        private final Cluster cluster;
        private final List<User> users = new ArrayList<>();
        private final List<String> hosts = new ArrayList<>();
        private InetAddress address = InetAddress.getLoopbackAddress();
        private int port = 8080;
        private Duration interval = Duration.ofSeconds(2);
        private Duration session = Duration.ofHours(12);
        private Duration idle = Duration.ofHours(1);
        private boolean behindProxy;
        private Optional<Role> open = Optional.empty();

        private Builder(Cluster cluster) {
            this.cluster = cluster;
        }

        /**
         * Serves at another address than the loopback one. Needs users: a password that nobody has chosen is refused there.
         *
         * @param host a name or an address of this machine; {@code 0.0.0.0} for all
         * @return this
         * @throws IllegalArgumentException if it cannot be resolved
         */
        public Builder address(String host) {
            try {
                this.address = InetAddress.getByName(host);
            } catch (UnknownHostException e) {
                throw new IllegalArgumentException("The address \"" + Shown.name(host) + "\" is not known", e);
            }
            return this;
        }

        /**
         * Serves at another port.
         *
         * @param number 0 for any that is free
         * @return this
         */
        public Builder port(int number) {
            if (number < 0 || number > MOST_PORT) {
                throw new IllegalArgumentException("port must be between 0 and " + MOST_PORT + ", was " + number);
            }
            this.port = number;
            return this;
        }

        /**
         * Lets a user in.
         *
         * @param name as typed
         * @param password 10 to 1,000 characters, not a well-known default; kept as a hash
         * @param role what it may do
         * @return this
         * @throws IllegalArgumentException if the password is too weak or the name is taken
         */
        public Builder user(String name, String password, Role role) {
            return add(new User(name, role, PasswordHash.of(password)));
        }

        private Builder add(User user) {
            if (user.name().isBlank() || user.name().length() > 100) {
                throw new IllegalArgumentException("The name of a user must have 1 to 100 characters, had "
                        + user.name().length());
            }
            if (users.stream().anyMatch(other -> other.name().equals(user.name()))) {
                throw new IllegalArgumentException("There are two users " + Shown.name(user.name()));
            }
            users.add(user);
            return this;
        }

        /**
         * Lets the users of a file in: one a line, {@code NAME viewer|operator PASSWORD-OR-HASH}, see {@link PasswordHash};
         * lines that begin with {@code #} are left out.
         *
         * @param file where it is
         * @return this
         * @throws IllegalArgumentException naming the line, if it cannot be read as such
         * @throws UncheckedIOException if there is no such file
         */
        public Builder users(Path file) {
            new UsersFile(file).read().forEach(this::add);
            return this;
        }

        /**
         * Lets everybody in who reaches the port; only on the loopback address, where that is everybody on this machine.
         *
         * @param role what they may do
         * @return this
         */
        public Builder withoutLogin(Role role) {
            this.open = Optional.of(role);
            return this;
        }

        /**
         * Allows a name under which browsers ask for this server, besides {@code localhost} and addresses in digits: others are
         * refused, since a page of somebody else's could lead its own name here.
         *
         * @param name without a port
         * @return this
         */
        public Builder host(String name) {
            this.hosts.add(name.toLowerCase(Locale.ROOT));
            return this;
        }

        /**
         * A proxy stands in front of it that speaks TLS, passes {@code Host} on and adds who asks to
         * {@code X-Forwarded-For}: the cookie is then for TLS only. Needs users.
         *
         * @return this
         */
        public Builder behindProxy() {
            this.behindProxy = true;
            return this;
        }

        /**
         * How often the backend is asked while pages are open.
         *
         * @param time 200 ms to 5 min, default 2 s
         * @return this
         */
        public Builder interval(Duration time) {
            if (time.compareTo(SHORTEST_INTERVAL) < 0 || time.compareTo(LONGEST_INTERVAL) > 0) {
                throw new IllegalArgumentException("interval must be between 200ms and 5m, was " + time);
            }
            this.interval = time;
            return this;
        }

        /**
         * When somebody has to log in again.
         *
         * @param longest this long after the login, default 12 h
         * @param withoutUse or this long after the last request and the closing of the last page, default 1 h
         * @return this
         */
        public Builder sessions(Duration longest, Duration withoutUse) {
            if (longest.isNegative() || longest.isZero() || withoutUse.isNegative() || withoutUse.isZero()) {
                throw new IllegalArgumentException(
                        "sessions must last longer than nothing, was " + longest + " and " + withoutUse);
            }
            this.session = longest;
            this.idle = withoutUse;
            return this;
        }

        /**
         * Serves it.
         *
         * @return a dashboard that answers
         * @throws IllegalArgumentException if it would be open to others without a password that somebody has chosen
         * @throws UncheckedIOException if the port is taken
         */
        public Dashboard start() {
            if (!address.isLoopbackAddress() && users.isEmpty()) {
                throw new IllegalArgumentException("The dashboard is not served at " + address.getHostAddress()
                        + ", where others reach it, without a password that you have chosen: name a user");
            }
            if (open.isPresent() && (!address.isLoopbackAddress() || !users.isEmpty() || behindProxy)) {
                throw new IllegalArgumentException("A dashboard without login is served on the loopback address only, "
                        + "without users and without a proxy");
            }
            if (behindProxy && users.isEmpty()) {
                throw new IllegalArgumentException("The dashboard is not served behind a proxy, "
                        + "where others reach it, without a password that you have chosen: name a user");
            }
            Optional<String> made = users.isEmpty() && open.isEmpty()
                    ? Optional.of(Secrets.token().substring(0, 20))
                    : Optional.empty();
            List<User> admitted = made.map(
                            password -> List.of(new User(ADMIN, Role.OPERATOR, PasswordHash.of(password))))
                    .orElse(List.copyOf(users));
            ServerLimits.set();
            HttpServer server = bind();
            int bound = server.getAddress().getPort();
            Parts parts = parts(server, admitted);
            server.createContext("/", parts.door());
            server.setExecutor(parts.requests());
            server.start();
            try {
                return new Dashboard(uri(bound), made, server, parts, cluster);
            } catch (RuntimeException e) { // the node was closed
                parts.close();
                server.stop(0);
                parts.end();
                throw e;
            }
        }

        private Parts parts(HttpServer server, List<User> admitted) {
            try {
                return new Parts(
                        cluster,
                        new Settings(
                                admitted,
                                allowed(),
                                interval,
                                session,
                                idle,
                                new Proxy(behindProxy),
                                open,
                                "covey-" + server.getAddress().getPort()));
            } catch (RuntimeException | Error e) {
                server.start(); // one that never ran keeps its port
                server.stop(0);
                throw e;
            }
        }

        private List<String> allowed() {
            Set<String> names = new HashSet<>(hosts);
            if (!address.isAnyLocalAddress() && !address.isLoopbackAddress()) {
                names.add(address.getHostName());
            }
            return List.copyOf(names);
        }

        private HttpServer bind() {
            try {
                return HttpServer.create(new InetSocketAddress(address, port), BACKLOG);
            } catch (IOException e) {
                throw new UncheckedIOException(
                        "The dashboard cannot be served at " + address.getHostAddress() + ":" + port + ": "
                                + e.getMessage(),
                        e);
            }
        }

        private URI uri(int bound) {
            String host = address.isAnyLocalAddress() ? "127.0.0.1" : address.getHostAddress();
            return URI.create("http://" + (host.contains(":") ? "[" + host.replaceFirst("%.*", "") + "]" : host) + ":"
                    + bound + "/");
        }
    }
}
