/** Typed caches over a {@link io.covey.cluster.spi.CacheStore}. */
@NullMarked
package io.covey.cluster.core.cache;

import org.jspecify.annotations.NullMarked;
