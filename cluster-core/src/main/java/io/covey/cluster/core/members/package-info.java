/** Who is in the cluster and who holds what, over a {@link io.covey.cluster.spi.Directory}. */
@NullMarked
package io.covey.cluster.core.members;

import org.jspecify.annotations.NullMarked;
