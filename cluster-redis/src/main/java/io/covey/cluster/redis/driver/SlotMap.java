package io.covey.cluster.redis.driver;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.covey.cluster.redis.driver.RedisUri.Endpoint;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which master has which hash slots. Immutable. */
final class SlotMap {
    private final @Nullable Endpoint[] owners;

    private SlotMap(@Nullable Endpoint[] owners) {
        this.owners = owners;
    }

    /** Reads the answer to {@code CLUSTER SLOTS}; a node that does not know its own address is the one that was asked. */
    static SlotMap parse(Object reply, Endpoint asked) {
        @Nullable Endpoint[] owners = new Endpoint[HashSlots.COUNT];
        for (Object entry : (List<?>) reply) {
            List<?> range = (List<?>) entry;
            List<?> master = (List<?>) range.get(2);
            String host = master.get(0) == null ? "" : new String((byte[]) master.get(0), UTF_8);
            Endpoint owner = new Endpoint(
                    host.isEmpty() || host.equals("?") ? asked.host() : host, Math.toIntExact((Long) master.get(1)));
            for (int slot = Math.toIntExact((Long) range.get(0)); slot <= (Long) range.get(1); slot++) {
                owners[slot] = owner;
            }
        }
        return new SlotMap(owners);
    }

    SlotMap with(int slot, Endpoint owner) {
        @Nullable Endpoint[] changed = owners.clone();
        changed[slot] = owner;
        return new SlotMap(changed);
    }

    @Nullable
    Endpoint owner(int slot) {
        return owners[slot];
    }

    boolean sameAs(SlotMap other) {
        return Arrays.equals(owners, other.owners);
    }

    Collection<Endpoint> masters() {
        LinkedHashSet<Endpoint> masters = new LinkedHashSet<>();
        for (Endpoint owner : owners) {
            if (owner != null) {
                masters.add(owner);
            }
        }
        return masters;
    }
}
