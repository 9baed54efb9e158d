/** Locks with a renewed lease over a {@link io.covey.cluster.spi.LockStore}. */
@NullMarked
package io.covey.cluster.core.lock;

import org.jspecify.annotations.NullMarked;
