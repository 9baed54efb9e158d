package io.covey.cluster.spring;

import org.springframework.context.SmartLifecycle;

/**
 * When the parts of a node start and stop, as {@linkplain SmartLifecycle#getPhase() phases}: what has a lower one starts
 * earlier and stops later. The web server stops taking requests at {@code DEFAULT_PHASE - 1024} and stops at
 * {@code DEFAULT_PHASE - 2048}, between these two. The node leaves when its bean is destroyed, after all of them.
 */
public final class ClusterPhases {

    /** The worker: claims tasks when the web server answers, and is drained before it takes no more requests. */
    public static final int WORKER = SmartLifecycle.DEFAULT_PHASE - 512;

    /** Calls and subscriptions: there before the first web request, until after the last. */
    public static final int CALLS = SmartLifecycle.DEFAULT_PHASE - 3072;

    private ClusterPhases() {}
}
