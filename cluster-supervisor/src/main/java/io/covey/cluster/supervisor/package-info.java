/**
 * Many processes of one program on one machine. {@link io.covey.cluster.supervisor.Supervisor} starts them, watches them,
 * replaces them one by one and drains them; {@link io.covey.cluster.supervisor.Supervision} is what such a process says to
 * it. {@code cluster start} is the command on top.
 */
@NullMarked
package io.covey.cluster.supervisor;

import org.jspecify.annotations.NullMarked;
