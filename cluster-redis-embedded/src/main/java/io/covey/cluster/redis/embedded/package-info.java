/**
 * Real Redis servers for tests, demonstrations and development: one server, a Sentinel set-up, a Redis Cluster. Nothing
 * has to be installed; the servers listen on 127.0.0.1 only and end with the JVM that started them, however it ends.
 */
@NullMarked
package io.covey.cluster.redis.embedded;

import org.jspecify.annotations.NullMarked;
