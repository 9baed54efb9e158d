package io.covey.cluster.micrometer;

import io.covey.cluster.TopicMiddleware;
import io.covey.cluster.spi.Delivery;
import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/**
 * Observations of the messages of a node's topics: {@code covey.topic.publish} around each it publishes,
 * {@code covey.topic.receive} around each that is handed to a subscriber, which is a child of the former: what the tracer
 * puts into headers, such as {@code traceparent}, travels in the signed envelope of the message.
 *
 * <pre>{@code
 * cluster.around(new TopicTracing(observations));
 * }</pre>
 */
public final class TopicTracing implements TopicMiddleware {
    private final ObservationRegistry registry;

    /**
     * Observes nothing yet.
     *
     * @param registry where observations go
     */
    public TopicTracing(ObservationRegistry registry) {
        this.registry = registry;
    }

    @Override
    public CompletionStage<Delivery> publish(String channel, Map<String, String> headers, Sending rest) {
        if (registry.isNoop()) {
            return rest.send(headers);
        }
        Observation observation = Observation.createNotStarted(
                        "covey.topic.publish", () -> new TopicPublishContext(headers), registry)
                .contextualName("send topic")
                .lowCardinalityKeyValues(common("send"))
                .highCardinalityKeyValue("messaging.destination.name", channel)
                .start();
        CompletionStage<Delivery> sent;
        Observation.Scope scope = observation.openScope();
        try {
            sent = rest.send(headers);
        } catch (RuntimeException | Error thrown) {
            observation.error(thrown).stop();
            throw thrown;
        } finally {
            scope.close();
        }
        return sent.whenComplete((delivery, thrown) -> {
            if (thrown != null) {
                observation.error(thrown);
            }
            observation.stop();
        });
    }

    @Override
    public void deliver(String channel, Map<String, String> headers, Runnable rest) {
        if (registry.isNoop()) {
            rest.run();
            return;
        }
        Observation.createNotStarted("covey.topic.receive", () -> new TopicReceiveContext(headers), registry)
                .contextualName("process topic")
                .lowCardinalityKeyValues(common("process"))
                .highCardinalityKeyValue("messaging.destination.name", channel)
                .observe(rest);
    }

    private static KeyValues common(String operation) {
        return KeyValues.of(MessagingSystem.TAG, KeyValue.of("messaging.operation.type", operation));
    }
}
