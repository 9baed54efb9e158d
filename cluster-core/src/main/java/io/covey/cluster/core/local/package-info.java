/**
 * The in-process transport, {@code local:}. It is solitary mode, and with a clock and an executor of one's own it is the
 * deterministic twin of a server for tests.
 */
@NullMarked
package io.covey.cluster.core.local;

import org.jspecify.annotations.NullMarked;
