/**
 * The inner seam: what a Redis client library implements so that everything above it is written once. It knows nothing
 * of caches or tasks and does not grow when a feature is added.
 */
@NullMarked
package io.covey.cluster.redis.driver;

import org.jspecify.annotations.NullMarked;
