/**
 * JMH benchmarks of what Covey does, beside the raw client library doing the least that could be called the same. A
 * benchmark and its counterpart share the name of the method; {@link io.covey.cluster.bench.Ratios} sets them side by
 * side at the end of a run.
 */
@NullMarked
package io.covey.cluster.bench;

import org.jspecify.annotations.NullMarked;
