package io.covey.cluster.redis;

import io.covey.cluster.redis.driver.RedisError;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the errors of a server mean for a command. */
final class Refusal {
    private static final Set<String> FOR_NOW =
            Set.of("LOADING", "MASTERDOWN", "TRYAGAIN", "CLUSTERDOWN", "READONLY", "NOREPLICAS", "BUSY");

    /** Redis 6.2 puts the error of a command inside a script into a text of its own. */
    private static final Pattern INSIDE_SCRIPT = Pattern.compile("^ERR Error running script.*?[ :]-([A-Z]+) ");

    private Refusal() {}

    /** The code of an error, also of one that befell a command inside a script. */
    static String code(RedisError error) {
        Matcher inside = INSIDE_SCRIPT.matcher(error.message());
        return inside.find() ? inside.group(1) : error.code();
    }

    /**
     * The server did not execute the command and may do so soon, so that a repeat does no harm. True for a script too,
     * since it reads before it writes and these errors refuse its first write.
     */
    static boolean isForNow(RedisError error) {
        return FOR_NOW.contains(code(error));
    }

    static boolean isUnknownScript(RedisError error) {
        return error.code().equals("NOSCRIPT");
    }

    static boolean isOutOfMemory(RedisError error) {
        return code(error).equals("OOM");
    }
}
