@NullMarked
package io.covey.cluster.examples.jdbc;

import org.jspecify.annotations.NullMarked;
