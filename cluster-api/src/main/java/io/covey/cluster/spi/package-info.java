/**
 * The outer seam: what a backend implements. Small interfaces that vary independently, in whole atomic operations and
 * in bytes: {@link io.covey.cluster.spi.CacheStore}, {@link io.covey.cluster.spi.LockStore},
 * {@link io.covey.cluster.spi.SemaphoreStore}, {@link io.covey.cluster.spi.ListStore},
 * {@link io.covey.cluster.spi.Directory}, {@link io.covey.cluster.spi.MessageBus},
 * {@link io.covey.cluster.spi.TaskBroker}. A {@link io.covey.cluster.spi.Transport} offers those that it can.
 *
 * <p>Rules for all of them: methods are thread-safe and return at once; a stage completes within the command timeout,
 * exceptionally with {@link io.covey.cluster.TransportException} if the backend did not answer, and may do so on an I/O
 * thread; listeners are called on a thread of the transport, one call at a time for each registration, and must not
 * block. Byte arrays are neither copied nor changed after they are handed over, in either direction. Each promise here is
 * a contract test of {@code cluster-tck}.
 */
@NullMarked
package io.covey.cluster.spi;

import org.jspecify.annotations.NullMarked;
