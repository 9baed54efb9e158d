/** redisson as a contestant. */
@NullMarked
package io.covey.cluster.bench.peers.redisson;

import org.jspecify.annotations.NullMarked;
