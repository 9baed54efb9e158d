/** One small program for each feature. Each takes the URI of a cluster as its only argument, {@code local:} without one. */
@NullMarked
package io.covey.cluster.examples;

import org.jspecify.annotations.NullMarked;
