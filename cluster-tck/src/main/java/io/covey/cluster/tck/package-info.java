/**
 * The contract of the outer seam as tests. A backend's own tests extend {@link io.covey.cluster.tck.CacheStoreContract},
 * {@link io.covey.cluster.tck.LockStoreContract}, {@link io.covey.cluster.tck.SemaphoreStoreContract},
 * {@link io.covey.cluster.tck.ListStoreContract}, {@link io.covey.cluster.tck.InvalidationContract},
 * {@link io.covey.cluster.tck.DirectoryContract}, {@link io.covey.cluster.tck.MessageBusContract},
 * {@link io.covey.cluster.tck.HistoryContract}, {@link io.covey.cluster.tck.ShardedBusContract} and
 * {@link io.covey.cluster.tck.TaskBrokerContract}, those of them whose capability it has, and tell by a {@link io.covey.cluster.tck.TransportHarness} how to connect and how time passes.
 */
@NullMarked
package io.covey.cluster.tck;

import org.jspecify.annotations.NullMarked;
