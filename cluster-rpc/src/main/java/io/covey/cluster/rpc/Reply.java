package io.covey.cluster.rpc;

import io.covey.cluster.Node;

/**
 * The answer of one node.
 *
 * @param <R> the type of the result
 * @param from who answered
 * @param value the result
 */
public record Reply<R>(Node from, R value) {}
