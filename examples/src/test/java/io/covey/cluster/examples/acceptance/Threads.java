package io.covey.cluster.examples.acceptance;

import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** The threads that started since a moment. */
final class Threads {
    /** Of the runtime and of these tests, not of a node. */
    private static final Predicate<String> OTHERS = name -> name.startsWith("ForkJoinPool.commonPool")
            || name.startsWith("process reaper")
            || name.startsWith("CompletableFutureDelayScheduler")
            || name.startsWith("redis-server")
            || name.startsWith("awaitility");

    private final Set<Thread> before = Set.copyOf(Thread.getAllStackTraces().keySet());

    List<Thread> started() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !before.contains(thread) && thread.isAlive())
                .filter(thread -> thread.getThreadGroup() != null
                        && !thread.getThreadGroup().getName().equals("system"))
                .filter(thread -> !OTHERS.test(thread.getName()))
                .toList();
    }
}
