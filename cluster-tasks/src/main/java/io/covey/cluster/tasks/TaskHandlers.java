package io.covey.cluster.tasks;

/**
 * The handlers of an application, which a worker asks for once at its start. The {@code cluster worker} command takes
 * the name of a class that implements this and has a public constructor without arguments.
 */
@FunctionalInterface
public interface TaskHandlers {

    /**
     * Says what runs which type.
     *
     * @param handlers takes the handlers
     */
    void register(HandlerRegistry handlers);
}
