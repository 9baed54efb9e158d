@NullMarked
package io.covey.cluster.supervisor;

import org.jspecify.annotations.NullMarked;
