package io.covey.cluster.micrometer;

import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.ReceiverContext;
import java.util.Map;

/** A message that is handed to a subscriber, as it is observed. */
public final class TopicReceiveContext extends ReceiverContext<Map<String, String>> {

    TopicReceiveContext(Map<String, String> headers) {
        super(Map::get, Kind.CONSUMER);
        setCarrier(headers);
    }
}
