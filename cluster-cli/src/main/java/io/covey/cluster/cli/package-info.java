/** The {@code cluster} command: one class for each of its verbs. */
@NullMarked
package io.covey.cluster.cli;

import org.jspecify.annotations.NullMarked;
