package io.covey.cluster.core.list;

import io.covey.cluster.Codec;
import io.covey.cluster.SharedList;
import io.covey.cluster.core.runtime.NodeContext;
import io.covey.cluster.spi.ListStore;
import io.covey.cluster.spi.Names;

/** The lists of a node. */
public final class Lists {
    private final NodeContext node;
    private final Conversations pushes;
    private final Conversations pops;

    /**
     * None yet.
     *
     * @param node the node
     */
    public Lists(NodeContext node) {
        this.node = node;
        this.pushes = new Conversations(node, "push");
        this.pops = new Conversations(node, "pop");
    }

    /**
     * A list.
     *
     * @param <E> the type of the items
     * @param name its name
     * @param codec the format of the items
     * @return the list, without a bound
     */
    public <E> SharedList<E> list(String name, Codec<E> codec) {
        ListStore store = node.require(node.transport().lists(), "lists");
        return new TypedList<>(
                new Shelf<>(node, store, Names.check("list name", name), codec, pushes, pops), ListStore.Bound.NONE);
    }
}
