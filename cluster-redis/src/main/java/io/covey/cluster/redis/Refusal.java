package io.covey.cluster.redis;

import io.covey.cluster.redis.driver.RedisError;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the errors of a server mean for a command. */
final class Refusal {
    private static final Map<String, String> FOR_NOW = Map.of(
            "LOADING", "it is loading its data",
            "MASTERDOWN", "it is a replica without its master, and replica-serve-stale-data is no",
            "TRYAGAIN", "the slot is being moved to another master",
            "CLUSTERDOWN", "no master serves the slot",
            "READONLY", "it is a replica",
            "NOREPLICAS", "fewer replicas are in step than min-replicas-to-write wants",
            "BUSY", "a script keeps it busy");

    /** Redis 6.2 puts the error of a command inside a script into a text of its own. */
    private static final Pattern INSIDE_SCRIPT = Pattern.compile("^ERR Error running script.*? -?([A-Z]{2,}) ");

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
        return FOR_NOW.containsKey(code(error));
    }

    /** The server's words, and what they mean if the command may succeed later. */
    static String explained(RedisError error) {
        String meaning = FOR_NOW.get(code(error));
        return meaning == null ? error.message() : code(error) + ", " + meaning + " (" + error.message() + ")";
    }

    static boolean isUnknownScript(RedisError error) {
        return error.code().equals("NOSCRIPT");
    }

    static boolean isOutOfMemory(RedisError error) {
        return code(error).equals("OOM");
    }
}
