/**
 * Locks and semaphores with renewed leases, over a {@link io.covey.cluster.spi.LockStore} and a
 * {@link io.covey.cluster.spi.SemaphoreStore}.
 */
@NullMarked
package io.covey.cluster.core.lock;

import org.jspecify.annotations.NullMarked;
