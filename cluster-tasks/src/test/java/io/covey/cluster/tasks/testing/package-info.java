@NullMarked
package io.covey.cluster.tasks.testing;

import org.jspecify.annotations.NullMarked;
