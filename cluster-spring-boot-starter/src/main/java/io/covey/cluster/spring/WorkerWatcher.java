package io.covey.cluster.spring;

import io.covey.cluster.tasks.Worker;

/** Is told of the worker when it has started. */
@FunctionalInterface
interface WorkerWatcher {
    void started(Worker worker);
}
