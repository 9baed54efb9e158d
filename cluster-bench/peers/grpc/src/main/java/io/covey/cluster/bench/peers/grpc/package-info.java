/** gRPC as a contestant. */
@NullMarked
package io.covey.cluster.bench.peers.grpc;

import org.jspecify.annotations.NullMarked;
