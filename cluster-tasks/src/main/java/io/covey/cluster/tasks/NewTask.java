package io.covey.cluster.tasks;

import java.util.Optional;

/**
 * A task to be added in bulk.
 *
 * @param <P> the type of the payload
 * @param type what is to be done
 * @param payload with what
 * @param options queue, id and time
 */
public record NewTask<P>(TaskType<P> type, P payload, EnqueueOptions options) {

    /**
     * A task without options.
     *
     * @param <P> the type of the payload
     * @param type what is to be done
     * @param payload with what
     * @return the task
     */
    public static <P> NewTask<P> of(TaskType<P> type, P payload) {
        return new NewTask<>(type, payload, EnqueueOptions.none());
    }

    /**
     * The same with other options.
     *
     * @param other replace those it has
     * @return a copy
     */
    public NewTask<P> withOptions(EnqueueOptions other) {
        return new NewTask<>(type, payload, other);
    }

    /**
     * Where it goes.
     *
     * @return the queue of the options, else that of the type
     */
    public String queue() {
        return options.queue().orElse(type.queue());
    }

    /**
     * Whose task it is.
     *
     * @return the key of the options, else what the type says
     */
    public Optional<String> key() {
        return options.key().isPresent() ? options.key() : type.keyOf(payload);
    }
}
