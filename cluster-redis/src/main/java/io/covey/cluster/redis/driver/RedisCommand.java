package io.covey.cluster.redis.driver;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * One command in bytes, ready to be sent by any driver.
 *
 * @param name the command's name, one or two words ({@code GET}, {@code SCRIPT LOAD} is {@code SCRIPT} with the
 *     argument {@code LOAD})
 * @param args the arguments, binary safe, never changed after construction
 * @param key index in {@code args} of the argument that routes the command on Redis Cluster, or {@link #NO_KEY}
 * @param aside whether it is sent where what is short does not wait for it, see {@link #sentAside}
 */
public record RedisCommand(String name, List<byte[]> args, int key, boolean aside) {

    /** The command has no key: any node may answer it. */
    public static final int NO_KEY = -1;

    private static final String SUBSCRIBE = "SUBSCRIBE";

    /** Checks that {@code key} names an argument. */
    public RedisCommand {
        if (key != NO_KEY && (key < 0 || key >= args.size())) {
            throw new IllegalArgumentException(
                    "key must be the index of one of " + args.size() + " arguments of " + name + ", was " + key);
        }
    }

    /**
     * A command that goes with the others.
     *
     * @param name the command's name
     * @param args the arguments
     * @param key index of the argument that routes the command, or {@link #NO_KEY}
     */
    public RedisCommand(String name, List<byte[]> args, int key) {
        this(name, args, key, false);
    }

    /**
     * The same command for a connection of its own, since it or its reply is so long that others should not wait behind it.
     * It is in no order with commands that are sent while it is under way.
     *
     * @return the command
     */
    public RedisCommand sentAside() {
        return new RedisCommand(name, args, key, true);
    }

    /**
     * A command whose first argument is its key.
     *
     * @param name the command's name
     * @param args {@code String} (as UTF-8), {@code byte[]}, {@code Long} or {@code Integer} (as decimal digits)
     * @return the command
     */
    public static RedisCommand keyed(String name, Object... args) {
        return new RedisCommand(name, bytes(args), 0);
    }

    /**
     * A command without a key.
     *
     * @param name the command's name
     * @param args as for {@link #keyed}
     * @return the command
     */
    public static RedisCommand of(String name, Object... args) {
        return new RedisCommand(name, bytes(args), NO_KEY);
    }

    /**
     * Whether only pushes answer a command: whoever sends it sends a {@code PING} along, whose answer stands for its own.
     *
     * @param name the command's name
     * @return whether it is one of those that subscribe or unsubscribe
     */
    public static boolean onlyPushesAnswer(String name) {
        return name.regionMatches(true, name.length() - SUBSCRIBE.length(), SUBSCRIBE, 0, SUBSCRIBE.length());
    }

    private static List<byte[]> bytes(Object... args) {
        List<byte[]> list = new ArrayList<>(args.length);
        for (Object arg : args) {
            if (arg instanceof byte[] raw) {
                list.add(raw);
            } else if (arg instanceof String || arg instanceof Long || arg instanceof Integer) {
                list.add(arg.toString().getBytes(StandardCharsets.UTF_8));
            } else {
                throw new IllegalArgumentException(
                        "an argument must be bytes, text or an integer, was " + arg.getClass());
            }
        }
        return list;
    }

    /** The name and the number of arguments; never their contents, which may be secret. */
    @Override
    public String toString() {
        return name + " (" + args.size() + " arguments)";
    }
}
