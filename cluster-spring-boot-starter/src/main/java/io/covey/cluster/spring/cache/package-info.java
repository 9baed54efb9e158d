/** Spring's cache abstraction over the caches of a cluster, so that {@code @Cacheable} is shared by all nodes. */
@NullMarked
package io.covey.cluster.spring.cache;

import org.jspecify.annotations.NullMarked;
