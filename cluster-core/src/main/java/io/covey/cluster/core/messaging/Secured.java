package io.covey.cluster.core.messaging;

/** The secured namespace: channels on which nodes speak to nodes. */
final class Secured {
    private static final String ROOT = "/cluster";

    private Secured() {}

    static boolean covers(String channelOrPattern) {
        return channelOrPattern.equals(ROOT) || channelOrPattern.startsWith(ROOT + "/");
    }
}
