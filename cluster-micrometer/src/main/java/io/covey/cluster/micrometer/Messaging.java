package io.covey.cluster.micrometer;

import io.micrometer.common.KeyValue;

/** What observations of all kinds of messages say. */
final class Messaging {
    static final KeyValue SYSTEM = KeyValue.of("messaging.system", "covey");

    private Messaging() {}
}
