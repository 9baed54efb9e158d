/**
 * What an application sees: {@link io.covey.cluster.Cluster} and what hangs on it.
 *
 * <p>Methods block and time out; {@code Optional} stands for absence, {@code false} for "did not happen", an exception of
 * the family {@link io.covey.cluster.ClusterException} for "broken". User code is never called on a thread that reads
 * from the network.
 */
@NullMarked
package io.covey.cluster;

import org.jspecify.annotations.NullMarked;
