@NullMarked
package io.covey.cluster.spring.cache;

import org.jspecify.annotations.NullMarked;
