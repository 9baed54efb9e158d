package io.covey.cluster.micrometer;

import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.SenderContext;
import java.util.Map;

/** A message that a node publishes, as it is observed. */
public final class TopicPublishContext extends SenderContext<Map<String, String>> {

    TopicPublishContext(Map<String, String> headers) {
        super(
                (carrier, name, value) -> {
                    if (carrier != null) {
                        carrier.put(name, value);
                    }
                },
                Kind.PRODUCER);
        setCarrier(headers);
    }
}
