/**
 * An explicit-state model of the task protocol: every order in which a few workers, tasks, crashes, pauses, lost answers, late
 * copies and a lossy failover can meet, and the promises that must hold in each state.
 */
@NullMarked
package io.covey.cluster.tck.model;

import org.jspecify.annotations.NullMarked;
