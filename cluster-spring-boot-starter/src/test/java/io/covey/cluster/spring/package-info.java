@NullMarked
package io.covey.cluster.spring;

import org.jspecify.annotations.NullMarked;
