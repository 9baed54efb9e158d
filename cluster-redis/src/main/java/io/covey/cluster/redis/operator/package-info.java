/**
 * For those who look after the servers: what endangers our promises, who may do what, and what takes the memory. Nothing here
 * changes anything on a server.
 */
@NullMarked
package io.covey.cluster.redis.operator;

import org.jspecify.annotations.NullMarked;
