/** The Redis transport on Jedis. */
@NullMarked
package io.covey.cluster.redis.jedis;

import org.jspecify.annotations.NullMarked;
