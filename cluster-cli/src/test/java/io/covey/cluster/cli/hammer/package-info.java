/** Processes that hammer a lock, a semaphore and a value under faults, judged by what they wrote down. */
@NullMarked
package io.covey.cluster.cli.hammer;

import org.jspecify.annotations.NullMarked;
