package io.covey.cluster.spring;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The client libraries to choose from. */
enum Driver {
    JEDIS,
    LETTUCE;

    /** A Redis scheme that names no driver. */
    private static final Pattern BARE =
            Pattern.compile("(rediss?|redis-sentinel|redis-cluster)(://.*)", Pattern.DOTALL);

    /** A URI with this driver, unless it names one or needs none. */
    String in(String uri) {
        Matcher bare = BARE.matcher(uri);
        return bare.matches() ? bare.group(1) + "+" + name().toLowerCase(Locale.ROOT) + bare.group(2) : uri;
    }
}
