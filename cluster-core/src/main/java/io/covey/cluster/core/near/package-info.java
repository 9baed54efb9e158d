/** Copies of entries on this node, in front of a {@link io.covey.cluster.spi.CacheStore}. */
@NullMarked
package io.covey.cluster.core.near;

import org.jspecify.annotations.NullMarked;
