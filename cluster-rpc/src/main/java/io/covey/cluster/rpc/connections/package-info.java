/**
 * Connections of clients, each held by one node and reached from all: by its id, through the verbs that it was given.
 */
@NullMarked
package io.covey.cluster.rpc.connections;

import org.jspecify.annotations.NullMarked;
