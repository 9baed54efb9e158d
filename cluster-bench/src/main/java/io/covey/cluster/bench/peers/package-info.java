/**
 * Task queues of others beside ours in one run. Each is a contestant in a JVM of its own, with the libraries that it
 * wants; {@link io.covey.cluster.bench.peers.Match} has them play in turn and prints the table.
 */
@NullMarked
package io.covey.cluster.bench.peers;

import org.jspecify.annotations.NullMarked;
