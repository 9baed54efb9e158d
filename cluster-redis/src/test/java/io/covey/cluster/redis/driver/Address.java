package io.covey.cluster.redis.driver;

import io.covey.cluster.redis.embedded.RedisServer;
import io.covey.cluster.tck.FaultProxy;

/** A server's URI with something changed and the rest, such as what it says of TLS, left as it is. */
public final class Address {
    private Address() {}

    /** Of a server, through a proxy in front of it. */
    public static String through(FaultProxy proxy, RedisServer server) {
        return at(proxy.port(), server);
    }

    /** Of whoever has a port, and otherwise is set up as that server. */
    static String at(int port, RedisServer like) {
        return like.uri().replace(":" + like.port(), ":" + port);
    }

    /** As another user: {@code user:password}, {@code :password}, or nobody. */
    public static String as(String credentials, RedisServer server) {
        return as(credentials, server.uri());
    }

    /** The same of a URI. */
    public static String as(String credentials, String uri) {
        return uri.replaceFirst("//([^@?]*@)?", credentials.isEmpty() ? "//" : "//" + credentials + "@");
    }

    /** With another database than 0. */
    public static String database(int number, RedisServer server) {
        return server.uri().replaceFirst("(?=\\?|$)", "/" + number);
    }

    /** With parameters, such as {@code replicas=1}. */
    public static String with(String parameters, String uri) {
        return uri + (uri.contains("?") ? "&" : "?") + parameters;
    }
}
