/** Every promise on the in-process backend, through a broker that fails on demand where that matters. */
@NullMarked
package io.covey.cluster.tasks;

import org.jspecify.annotations.NullMarked;
