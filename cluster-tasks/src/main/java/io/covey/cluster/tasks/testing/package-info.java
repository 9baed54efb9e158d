/**
 * For the tests of applications, with whatever test framework: {@link io.covey.cluster.tasks.testing.TestTasks} is a
 * cluster in this process whose clock stands still, that knows what was enqueued, and that can run it at once.
 */
@NullMarked
package io.covey.cluster.tasks.testing;

import org.jspecify.annotations.NullMarked;
