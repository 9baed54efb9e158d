/** Whole nodes on real servers: what happens to an application when something breaks, stops or is not trusted. */
@NullMarked
package io.covey.cluster.examples.acceptance;

import org.jspecify.annotations.NullMarked;
