@NullMarked
package io.covey.cluster.bench;

import org.jspecify.annotations.NullMarked;
