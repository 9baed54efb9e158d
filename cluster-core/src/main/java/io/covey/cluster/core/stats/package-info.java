/** Counters, collected in memory and written together. */
@NullMarked
package io.covey.cluster.core.stats;

import org.jspecify.annotations.NullMarked;
