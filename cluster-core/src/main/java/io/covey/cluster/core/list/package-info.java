/** Typed lists over the bytes of a store. */
@NullMarked
package io.covey.cluster.core.list;

import org.jspecify.annotations.NullMarked;
