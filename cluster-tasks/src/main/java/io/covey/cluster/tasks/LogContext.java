package io.covey.cluster.tasks;

import org.slf4j.MDC;
import org.slf4j.helpers.NOPMDCAdapter;
import org.slf4j.spi.MDCAdapter;

/** Names the task in what is logged while it runs, by its handler and by us. */
final class LogContext {
    static final String TASK = "taskId";
    static final String QUEUE = "queue";
    static final String TYPE = "type";
    static final String ATTEMPT = "attempt";
    static final String NODE = "node";

    private LogContext() {}

    /** Whether the logger keeps what it is given. */
    static boolean isKept() {
        MDCAdapter adapter = MDC.getMDCAdapter();
        return adapter != null && !(adapter instanceof NOPMDCAdapter);
    }

    static void put(TaskRun task, String node) {
        MDC.put(TASK, task.id());
        MDC.put(QUEUE, task.queue());
        MDC.put(TYPE, task.type());
        MDC.put(ATTEMPT, Integer.toString(task.lease().attempt()));
        MDC.put(NODE, node);
    }

    static void clear() {
        MDC.remove(TASK);
        MDC.remove(QUEUE);
        MDC.remove(TYPE);
        MDC.remove(ATTEMPT);
        MDC.remove(NODE);
    }
}
