/**
 * Typed calls between the nodes of a cluster, over its signed bus: nothing but the backend need be reachable. Only what is
 * registered can be called; no class name and no serialized object travels.
 */
@NullMarked
package io.covey.cluster.rpc;

import org.jspecify.annotations.NullMarked;
