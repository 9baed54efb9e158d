/**
 * A web page that shows a cluster and lets an operator act: {@link io.covey.cluster.dashboard.Dashboard} is served by any
 * node.
 */
@NullMarked
package io.covey.cluster.dashboard;

import org.jspecify.annotations.NullMarked;
