/** A running node behind {@link io.covey.cluster.Cluster}. */
@NullMarked
package io.covey.cluster.core;

import org.jspecify.annotations.NullMarked;
