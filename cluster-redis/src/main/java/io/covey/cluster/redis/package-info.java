/**
 * Redis and Valkey semantics, written once for all client libraries: keys, scripts, stores, bus and broker over the
 * {@link io.covey.cluster.redis.driver} seam. {@link io.covey.cluster.redis.RedisTransport} is the way in.
 */
@NullMarked
package io.covey.cluster.redis;

import org.jspecify.annotations.NullMarked;
