package io.covey.cluster.spring;

import io.covey.cluster.tasks.Worker;

/** A bean that changes the settings of the worker after the properties were applied. */
@FunctionalInterface
public interface WorkerCustomizer {

    /**
     * Changes the settings, before the worker starts; again at each start.
     *
     * @param worker the settings as the properties made them, with all handlers
     */
    void customize(Worker.Builder worker);
}
