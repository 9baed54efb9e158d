package io.covey.cluster.redis.driver;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a Redis or Valkey is: {@code redis://[[user]:password@]host[:port][/db]}, {@code rediss://…} with TLS,
 * {@code redis-sentinel://h1[:port],h2[:port]/master[/db]}, {@code redis-cluster://h1[:port],h2[:port]}. Each scheme may
 * name a driver, as in {@code redis+jedis://} or {@code redis-cluster+lettuce://}; the driver is not part of this value.
 * {@code ?tls=true} asks for TLS with any scheme; {@code ?ca=FILE}, {@code cert=FILE} and {@code key=FILE} name its
 * {@linkplain TlsFiles files}, and those that are not named are taken from {@code COVEY_TLS_CA}, {@code COVEY_TLS_CERT} and
 * {@code COVEY_TLS_KEY} in the environment. {@code ?replicas=1&replicaTimeout=500ms} for replicas to have what is
 * enqueued. User and password are percent-encoded, as {@code %40} for {@code @}.
 *
 * @param topology how many servers there are and who says which
 * @param tls whether connections are encrypted, with host names verified
 * @param endpoints the server, the sentinels or the cluster's seed nodes, at least one
 * @param master the name of the master that the sentinels know; empty unless {@code topology} is {@code SENTINEL}
 * @param user the name to authenticate with; empty for the server's default user
 * @param password what to authenticate with; empty for none. It is for the data servers; sentinels are asked without
 * @param database the number of the database, 0 on a cluster
 * @param replication which replicas shall have what is enqueued before it counts as enqueued; empty to ask none
 * @param files whom to trust and who to be, of connections that are encrypted
 */
public record RedisUri(
        Topology topology,
        boolean tls,
        List<Endpoint> endpoints,
        Optional<String> master,
        Optional<String> user,
        Optional<String> password,
        int database,
        Optional<Replication> replication,
        TlsFiles files) {

    private static final Pattern SHAPE = Pattern.compile("([a-z-]+)(?:\\+[a-z0-9]+)?://(.*)", Pattern.DOTALL);
    private static final Pattern AUTHORITY = Pattern.compile("([^/?]*)(/[^?]*)?(?:\\?(.*))?", Pattern.DOTALL);
    private static final Pattern BEGINS_QUERY = Pattern.compile("[?&](?:tls|ca|cert|key|replicas|replicaTimeout)=");
    private static final Pattern ENDPOINT =
            Pattern.compile("(\\[[0-9A-Fa-f:.%a-z]+]|[A-Za-z0-9._-]+)(?::([0-9]{1,5}))?");
    private static final String ALLOWED = "redis://[user:password@]host[:port][/db], rediss:// (TLS),"
            + " redis-sentinel://host[:port],…/master[/db] or redis-cluster://host[:port],…";

    /** Who the servers are and who says which of them to use. */
    public enum Topology {
        /** One server. */
        STANDALONE,
        /** The sentinels name the present master. */
        SENTINEL,
        /** The keys are spread over the masters by slot. */
        CLUSTER
    }

    /**
     * How many replicas must have a write for it to be confirmed.
     *
     * @param replicas 1 to 100
     * @param timeout how long they may take, 1 ms to 1 min
     */
    public record Replication(int replicas, Duration timeout) {
        private static final Duration LONGEST = Duration.ofMinutes(1);

        /** Checks both. */
        public Replication {
            if (replicas < 1 || replicas > 100) {
                throw new IllegalArgumentException("replicas must be 1 to 100, was " + replicas);
            }
            if (timeout.toMillis() < 1 || timeout.compareTo(LONGEST) > 0) {
                throw new IllegalArgumentException("replicaTimeout must be 1ms to 60s, was " + timeout);
            }
        }
    }

    /**
     * A host and a port.
     *
     * @param host a name or an address, IPv6 without brackets
     * @param port 1 to 65535
     */
    public record Endpoint(String host, int port) {

        /** Checks the port. */
        public Endpoint {
            if (port < 1 || port > 65535) {
                throw new IllegalArgumentException("The port of " + host + " must be 1 to 65535, was " + port);
            }
        }

        /** As in a URI. */
        @Override
        public String toString() {
            return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
        }
    }

    /** Copies the endpoints. */
    public RedisUri {
        endpoints = List.copyOf(endpoints);
    }

    /**
     * Reads a URI.
     *
     * @param uri one of the forms above
     * @return what it says
     * @throws IllegalArgumentException naming the URI without its password, what is wrong and what is allowed
     */
    public static RedisUri parse(String uri) {
        Matcher shape = SHAPE.matcher(uri);
        if (!shape.matches()) {
            throw wrong(uri, "it has no scheme and //; write " + ALLOWED);
        }
        String rest = shape.group(2);
        int at = rest.lastIndexOf('@');
        if (at >= 0 && BEGINS_QUERY.matcher(rest.substring(0, at)).find()) {
            throw wrong(uri, "an @ behind the ? must be written %40");
        }
        Matcher parts = AUTHORITY.matcher(rest.substring(at + 1));
        if (!parts.matches()) {
            throw wrong(uri, "write " + ALLOWED);
        }
        Query query = Query.parse(parts.group(3), why -> wrong(uri, why));
        boolean tls = query.tls() || shape.group(1).equals("rediss");
        TlsFiles files = tls ? query.files().orElse(System.getenv()) : query.files();
        if (!tls && !files.isEmpty()) {
            throw wrong(uri, "ca, cert and key are for TLS: write rediss:// or tls=true");
        }
        String path = parts.group(2) == null ? "" : parts.group(2).substring(1);
        String hosts = parts.group(1);
        String[] credentials = at < 0 ? new String[] {"", ""} : credentials(uri, rest.substring(0, at));
        Optional<String> user = Optional.of(credentials[0]).filter(s -> !s.isEmpty());
        Optional<String> password = Optional.of(credentials[1]).filter(s -> !s.isEmpty());
        return switch (shape.group(1)) {
            case "redis", "rediss" -> {
                List<Endpoint> server = endpoints(uri, hosts, 6379);
                if (server.size() != 1) {
                    throw wrong(
                            uri,
                            "it names " + server.size() + " hosts, one is allowed;"
                                    + " use redis-sentinel:// or redis-cluster:// for more");
                }
                yield new RedisUri(
                        Topology.STANDALONE,
                        tls,
                        server,
                        Optional.empty(),
                        user,
                        password,
                        database(uri, path),
                        query.replication(),
                        files);
            }
            case "redis-sentinel" -> {
                int slash = path.indexOf('/');
                String master = slash < 0 ? path : path.substring(0, slash);
                if (master.isEmpty()) {
                    throw wrong(uri, "the master's name is missing; write redis-sentinel://host:26379,…/master[/db]");
                }
                yield new RedisUri(
                        Topology.SENTINEL,
                        tls,
                        endpoints(uri, hosts, 26379),
                        Optional.of(master),
                        user,
                        password,
                        database(uri, slash < 0 ? "" : path.substring(slash + 1)),
                        query.replication(),
                        files);
            }
            case "redis-cluster" -> {
                if (database(uri, path) != 0) {
                    throw wrong(uri, "a Redis Cluster has only database 0, was " + path);
                }
                yield new RedisUri(
                        Topology.CLUSTER,
                        tls,
                        endpoints(uri, hosts, 6379),
                        Optional.empty(),
                        user,
                        password,
                        0,
                        query.replication(),
                        files);
            }
            default -> throw wrong(uri, "the scheme " + shape.group(1) + " is not one of " + ALLOWED);
        };
    }

    /**
     * One server of this set-up, with the same credentials, database and encryption.
     *
     * @param server where it is
     * @return a standalone URI
     */
    public RedisUri at(Endpoint server) {
        return new RedisUri(
                Topology.STANDALONE,
                tls,
                List.of(server),
                Optional.empty(),
                user,
                password,
                database,
                replication,
                files);
    }

    /**
     * One sentinel of this set-up: the same encryption, no credentials, which are those of the servers.
     *
     * @param sentinel where it is
     * @return a standalone URI
     */
    public RedisUri sentinel(Endpoint sentinel) {
        return new RedisUri(
                Topology.STANDALONE,
                tls,
                List.of(sentinel),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                0,
                Optional.empty(),
                files);
    }

    /**
     * The schemes that a driver answers to, with and without its name.
     *
     * @param driver the name, such as {@code jedis}
     * @return {@code redis+jedis} first
     */
    public static Set<String> schemes(String driver) {
        Set<String> schemes = new LinkedHashSet<>();
        for (String scheme : List.of("redis", "rediss", "redis-sentinel", "redis-cluster")) {
            schemes.add(scheme + "+" + driver);
        }
        schemes.addAll(List.of("redis", "rediss", "redis-sentinel", "redis-cluster"));
        return Collections.unmodifiableSet(schemes);
    }

    private static String[] credentials(String uri, String encoded) {
        int colon = encoded.indexOf(':');
        if (colon < 0 || colon == encoded.length() - 1) {
            throw wrong(uri, "before @ it must say user:password or :password");
        }
        return new String[] {decode(uri, encoded.substring(0, colon)), decode(uri, encoded.substring(colon + 1))};
    }

    private static String decode(String uri, String encoded) {
        try {
            return URLDecoder.decode(encoded.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw wrong(uri, "user and password must be percent-encoded, a % itself as %25");
        }
    }

    private static List<Endpoint> endpoints(String uri, String hosts, int defaultPort) {
        List<Endpoint> list = new ArrayList<>();
        for (String one : hosts.split(",", -1)) {
            Matcher matcher = ENDPOINT.matcher(one);
            if (!matcher.matches()) {
                throw wrong(
                        uri,
                        "\"" + one + "\" is not host, host:port or [IPv6 address]:port"
                                + (hosts.isEmpty() ? " (there is no host)" : ""));
            }
            String host = matcher.group(1);
            int port = matcher.group(2) == null ? defaultPort : Integer.parseInt(matcher.group(2));
            if (port < 1 || port > 65535) {
                throw wrong(uri, "a port must be 1 to 65535, was " + port);
            }
            list.add(new Endpoint(host.startsWith("[") ? host.substring(1, host.length() - 1) : host, port));
        }
        return list;
    }

    private static int database(String uri, String text) {
        if (text.isEmpty()) {
            return 0;
        }
        if (!text.matches("[0-9]{1,6}")) {
            throw wrong(uri, "the database must be a number such as 0, was " + text);
        }
        return Integer.parseInt(text);
    }

    private static IllegalArgumentException wrong(String uri, String why) {
        return new IllegalArgumentException("The Redis URI " + withoutSecrets(uri) + " cannot be used: " + why);
    }

    /** Also of what is no URI of ours: whoever wrote it may have put the password anywhere. */
    private static String withoutSecrets(String uri) {
        return uri.replaceFirst("(?s)^([a-z0-9+-]+:/{0,2})?.*@", "$1***@").replaceFirst("(?s)\\?.*", "?***");
    }

    /** As a URI, with three stars for user and password. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(
                switch (topology) {
                    case STANDALONE -> tls ? "rediss://" : "redis://";
                    case SENTINEL -> "redis-sentinel://";
                    case CLUSTER -> "redis-cluster://";
                });
        if (password.isPresent()) {
            text.append("***@");
        }
        text.append(String.join(",", endpoints.stream().map(Endpoint::toString).toList()));
        master.ifPresent(name -> text.append('/').append(name));
        if (database != 0) {
            text.append('/').append(database);
        }
        List<String> query = new ArrayList<>();
        if (tls && topology != Topology.STANDALONE) {
            query.add("tls=true");
        }
        files.ca().ifPresent(file -> query.add("ca=" + encoded(file)));
        files.certificate().ifPresent(file -> query.add("cert=" + encoded(file)));
        files.key().ifPresent(file -> query.add("key=" + encoded(file)));
        replication.ifPresent(confirmed -> {
            query.add("replicas=" + confirmed.replicas());
            query.add("replicaTimeout=" + confirmed.timeout().toMillis() + "ms");
        });
        return query.isEmpty()
                ? text.toString()
                : text.append('?').append(String.join("&", query)).toString();
    }

    private static String encoded(Path file) {
        return URLEncoder.encode(file.toString(), StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("%2F", "/");
    }
}
