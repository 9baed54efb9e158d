package io.covey.cluster.core.list;

import io.covey.cluster.Codec;
import io.covey.cluster.core.codec.Codecs;
import io.covey.cluster.core.runtime.NodeContext;
import io.covey.cluster.spi.ListStore;
import java.util.ArrayList;
import java.util.List;

/**
 * What all views of a list share.
 *
 * @param <E> the type of the items
 */
record Shelf<E>(
        NodeContext node, ListStore store, String name, Codec<E> codec, Conversations pushes, Conversations pops) {

    String where() {
        return "List " + name;
    }

    List<byte[]> encode(List<E> items) {
        int most = node.config().maxValueBytes();
        List<byte[]> encoded = new ArrayList<>(items.size());
        for (E item : items) {
            if (item == null) {
                throw new IllegalArgumentException(
                        where() + ": item " + encoded.size() + " is null; nothing was pushed");
            }
            byte[] bytes = Codecs.encode(codec, item, where());
            if (bytes.length > most) {
                throw new IllegalArgumentException(where() + ": item " + encoded.size() + " has " + bytes.length
                        + " bytes, over the limit of " + most + " (maxValueBytes); nothing was pushed");
            }
            encoded.add(bytes);
        }
        return encoded;
    }

    List<E> decode(List<byte[]> items) {
        return items.stream().map(item -> Codecs.decode(codec, item, where())).toList();
    }

    int count(String what, int count) {
        if (count < 1 || count > ListStore.MOST) {
            throw new IllegalArgumentException(
                    where() + ": " + what + " are 1 to " + ListStore.MOST + " items at once, were " + count);
        }
        return count;
    }
}
