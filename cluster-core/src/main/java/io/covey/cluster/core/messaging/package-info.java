/** Topics and the signed bus over a {@link io.covey.cluster.spi.MessageBus}: every message travels in an envelope. */
@NullMarked
package io.covey.cluster.core.messaging;

import org.jspecify.annotations.NullMarked;
