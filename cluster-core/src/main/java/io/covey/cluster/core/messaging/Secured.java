package io.covey.cluster.core.messaging;

import java.util.Set;

/** The secured namespace: channels on which nodes speak to nodes. */
final class Secured {
    private final Set<String> roots;

    Secured(Set<String> roots) {
        this.roots = roots;
    }

    /** Whatever the case of its letters: a channel that a person could take for a secured one is none for topics. */
    boolean covers(String channelOrPattern) {
        for (String root : roots) {
            int length = root.length();
            if (channelOrPattern.regionMatches(true, 0, root, 0, length)
                    && (channelOrPattern.length() == length || channelOrPattern.charAt(length) == '/')) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String toString() {
        return String.join(", ", roots);
    }
}
