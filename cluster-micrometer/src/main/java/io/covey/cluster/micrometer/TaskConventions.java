package io.covey.cluster.micrometer;

import io.covey.cluster.tasks.NewTask;
import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** How observations of tasks are called, after the conventions of OpenTelemetry for messages. */
final class TaskConventions {
    private static final Capped QUEUES = new Capped();
    private static final Capped TYPES = new Capped();
    /** Of queues and types that are told apart, hence bounded. */
    private static final Map<String, Map<String, Attempts>> ATTEMPTS = new ConcurrentHashMap<>();

    private TaskConventions() {}

    static Observation enqueue(TaskEnqueueContext context, ObservationRegistry registry) {
        NewTask<?> first = context.tasks().get(0);
        Observation observation = Observation.createNotStarted("covey.task.enqueue", () -> context, registry)
                .contextualName("send " + first.queue())
                .lowCardinalityKeyValues(KeyValues.of(
                        MessagingSystem.TAG,
                        KeyValue.of("messaging.operation.type", "send"),
                        KeyValue.of("messaging.destination.name", QUEUES.of(first.queue())),
                        KeyValue.of("covey.task.type", TYPES.of(first.type().name()))));
        return context.tasks().size() == 1
                ? observation
                : observation.highCardinalityKeyValue(
                        "messaging.batch.message_count",
                        Integer.toString(context.tasks().size()));
    }

    /** What observations of all attempts of a type in a queue say. */
    private record Attempts(String name, KeyValues low) {

        static Attempts of(String queue, String type) {
            return new Attempts(
                    "process " + queue,
                    KeyValues.of(
                            MessagingSystem.TAG,
                            KeyValue.of("messaging.operation.type", "process"),
                            KeyValue.of("messaging.destination.name", QUEUES.of(queue)),
                            KeyValue.of("covey.task.type", TYPES.of(type))));
        }
    }

    private static Attempts attempts(String queue, String type) {
        Map<String, Attempts> ofQueue = ATTEMPTS.get(queue);
        Attempts known = ofQueue == null ? null : ofQueue.get(type);
        if (known != null) {
            return known;
        }
        Attempts made = Attempts.of(queue, type);
        if (QUEUES.has(queue) && TYPES.has(type)) {
            ATTEMPTS.computeIfAbsent(queue, name -> new ConcurrentHashMap<>()).put(type, made);
        }
        return made;
    }

    static Observation run(TaskRunContext context, ObservationRegistry registry) {
        Attempts attempts = attempts(context.task().queue(), context.task().type());
        return Observation.createNotStarted("covey.task.run", () -> context, registry)
                .contextualName(attempts.name)
                .lowCardinalityKeyValues(attempts.low)
                .highCardinalityKeyValues(KeyValues.of(
                        KeyValue.of("messaging.message.id", context.task().id()),
                        KeyValue.of(
                                "covey.task.attempt",
                                Integer.toString(context.task().attempt()))));
    }
}
