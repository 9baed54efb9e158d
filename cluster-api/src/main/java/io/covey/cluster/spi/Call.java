package io.covey.cluster.spi;

/**
 * One step of a conversation that may be repeated after a lost answer without taking effect twice. A lane is one
 * sequence of steps of one process, one outstanding at a time, whose numbers grow from 1, and all of one kind: calls of
 * different methods use different lanes.
 *
 * @param lane names the conversation; unique to a process incarnation; {@code [A-Za-z0-9_.-]{1,100}}
 * @param seq the step's number; the same again is a repeat, a lower one a late copy that has no effect
 */
public record Call(String lane, long seq) {}
