package io.covey.cluster.micrometer;

import io.covey.cluster.tasks.NewTask;
import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;

/** How observations of tasks are called, after the conventions of OpenTelemetry for messages. */
final class TaskConventions {
    private static final Capped QUEUES = new Capped();
    private static final Capped TYPES = new Capped();

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

    static Observation run(TaskRunContext context, ObservationRegistry registry) {
        return Observation.createNotStarted("covey.task.run", () -> context, registry)
                .contextualName("process " + context.task().queue())
                .lowCardinalityKeyValues(KeyValues.of(
                        MessagingSystem.TAG,
                        KeyValue.of("messaging.operation.type", "process"),
                        KeyValue.of(
                                "messaging.destination.name",
                                QUEUES.of(context.task().queue())),
                        KeyValue.of("covey.task.type", TYPES.of(context.task().type()))))
                .highCardinalityKeyValues(KeyValues.of(
                        KeyValue.of("messaging.message.id", context.task().id()),
                        KeyValue.of(
                                "covey.task.attempt",
                                Integer.toString(context.task().attempt()))));
    }
}
