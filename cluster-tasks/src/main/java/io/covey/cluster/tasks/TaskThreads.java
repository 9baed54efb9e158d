package io.covey.cluster.tasks;

import java.lang.reflect.Method;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;

/** Threads for handlers: virtual where the runtime has them, else platform daemons. */
final class TaskThreads {

    private TaskThreads() {}

    static ThreadFactory named(String prefix, boolean virtual) {
        if (virtual && Runtime.version().feature() >= 21) {
            try {
                return virtual(prefix);
            } catch (ReflectiveOperationException e) {
                return platform(prefix);
            }
        }
        return platform(prefix);
    }

    static ThreadFactory platform(String prefix) {
        AtomicLong count = new AtomicLong();
        return body -> {
            Thread thread = new Thread(body, prefix + count.getAndIncrement());
            thread.setDaemon(true);
            return thread;
        };
    }

    static Thread single(String name, Runnable body) {
        Thread thread = new Thread(body, name);
        thread.setDaemon(true);
        return thread;
    }

    /** {@code Thread.ofVirtual().name(prefix, 0).factory()}, which the oldest runtime does not have. */
    private static ThreadFactory virtual(String prefix) throws ReflectiveOperationException {
        Class<?> type = Class.forName("java.lang.Thread$Builder");
        Method ofVirtual = Thread.class.getMethod("ofVirtual");
        Object builder = type.getMethod("name", String.class, long.class).invoke(ofVirtual.invoke(null), prefix, 0L);
        return (ThreadFactory) type.getMethod("factory").invoke(builder);
    }
}
