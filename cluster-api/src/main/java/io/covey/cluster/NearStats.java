package io.covey.cluster;

/**
 * What the near copies of a cache were good for on this node, since it first asked for them.
 *
 * @param hits reads that were answered by a copy
 * @param misses reads that were not
 * @param staleDrops values that were read but not kept, since they were changed, or might have been, while they were read
 * @param flushes how often all copies were thrown away, since news of changes might have been missed
 * @param entries how many copies there are, about
 */
public record NearStats(long hits, long misses, long staleDrops, long flushes, long entries) {}
