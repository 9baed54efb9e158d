package io.covey.cluster.supervisor;

/**
 * A process of a {@link Supervisor}.
 *
 * @param name what no other process of this supervisor was or will be called: {@code worker-2.7} is the seventh process at
 *     the second place
 * @param slot its place, from 1
 * @param pid its process id
 * @param ready whether it works
 */
public record ChildStatus(String name, int slot, long pid, boolean ready) {}
