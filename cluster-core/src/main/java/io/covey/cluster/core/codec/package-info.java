/** The default formats of values. */
@NullMarked
package io.covey.cluster.core.codec;

import org.jspecify.annotations.NullMarked;
