/** The chat of the examples, over HTTP and in a real browser. */
@NullMarked
package io.covey.cluster.examples.chat;

import org.jspecify.annotations.NullMarked;
