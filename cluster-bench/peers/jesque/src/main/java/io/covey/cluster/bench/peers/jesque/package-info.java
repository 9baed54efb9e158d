/** jesque as a contestant. */
@NullMarked
package io.covey.cluster.bench.peers.jesque;

import org.jspecify.annotations.NullMarked;
