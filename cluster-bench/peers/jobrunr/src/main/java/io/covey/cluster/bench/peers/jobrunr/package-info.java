/** JobRunr as a contestant. */
@NullMarked
package io.covey.cluster.bench.peers.jobrunr;

import org.jspecify.annotations.NullMarked;
