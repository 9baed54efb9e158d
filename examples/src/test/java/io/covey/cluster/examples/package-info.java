@NullMarked
package io.covey.cluster.examples;

import org.jspecify.annotations.NullMarked;
