package io.covey.cluster.micrometer;

import io.micrometer.common.KeyValue;

/** What observations of all kinds of messages say. */
final class MessagingSystem {
    static final KeyValue TAG = KeyValue.of("messaging.system", "covey");

    private MessagingSystem() {}
}
