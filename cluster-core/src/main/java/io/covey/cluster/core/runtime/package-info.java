/** What every part of a node shares: its threads, its clock, whether it is open. */
@NullMarked
package io.covey.cluster.core.runtime;

import org.jspecify.annotations.NullMarked;
