package io.covey.cluster.redis;

import io.covey.cluster.redis.driver.RedisCommand;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** A Lua script: a constant, which data reaches by KEYS and ARGV only. */
final class Script {
    private final String name;
    private final String body;
    private final String sha;

    private Script(String name, String body) {
        this.name = name;
        this.body = body;
        this.sha = sha1(body);
    }

    /**
     * Reads {@code name.lua} beside this class.
     *
     * @param name of the file
     * @param parts other files to put before it, for what several scripts share
     */
    static Script of(String name, String... parts) {
        StringBuilder body = new StringBuilder();
        for (String part : parts) {
            body.append(read(part));
        }
        return new Script(name, body.append(read(name)).toString());
    }

    /**
     * @param keys at least one, all in one slot
     * @param args as for {@link RedisCommand#keyed}
     */
    Call call(List<String> keys, Object... args) {
        return new Call(this, List.copyOf(keys), List.of(args), false);
    }

    String body() {
        return body;
    }

    String sha() {
        return sha;
    }

    @Override
    public String toString() {
        return name + ".lua";
    }

    private static String read(String name) {
        try (InputStream in = Script.class.getResourceAsStream(name + ".lua")) {
            if (in == null) {
                throw new IllegalStateException("The script " + name + ".lua is missing from cluster-redis");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the script " + name + ".lua", e);
        }
    }

    private static String sha1(String body) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1").digest(body.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-1", e);
        }
    }

    /** A script with its data, ready to be sent. */
    record Call(Script script, List<String> keys, List<Object> args, boolean aside) {

        Call {
            if (keys.isEmpty()) {
                throw new IllegalArgumentException(script + " needs a key to be routed by");
            }
        }

        /** As {@link RedisCommand#sentAside}. */
        Call sentAside() {
            return new Call(script, keys, args, true);
        }

        /** For a server that knows the script. */
        RedisCommand byHash() {
            return command("EVALSHA", script.sha);
        }

        /** For a server that has said that it does not. */
        RedisCommand inFull() {
            return command("EVAL", script.body);
        }

        private RedisCommand command(String verb, String which) {
            List<Object> all = new ArrayList<>(2 + keys.size() + args.size());
            all.add(which);
            all.add(keys.size());
            all.addAll(keys);
            all.addAll(args);
            return new RedisCommand(verb, RedisCommand.of(verb, all.toArray()).args(), 2, aside);
        }
    }
}
