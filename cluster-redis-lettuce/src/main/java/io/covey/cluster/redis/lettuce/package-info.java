/** The Redis transport on Lettuce. */
@NullMarked
package io.covey.cluster.redis.lettuce;

import org.jspecify.annotations.NullMarked;
