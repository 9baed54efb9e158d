package io.covey.cluster.redis.driver;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.covey.cluster.redis.driver.RedisUri.Endpoint;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which master has which hash slots, and to which ones some are on their way. Immutable. */
final class SlotMap {
    private final @Nullable Endpoint[] owners;
    private final Set<Endpoint> importing;
    private final Collection<Endpoint> masters = new LinkedHashSet<>();

    private SlotMap(@Nullable Endpoint[] owners, Set<Endpoint> importing) {
        this.owners = owners;
        this.importing = importing;
        for (Endpoint owner : owners) {
            if (owner != null) {
                masters.add(owner);
            }
        }
        masters.addAll(importing);
    }

    /** Reads the answer to {@code CLUSTER SLOTS}. */
    static SlotMap parse(Object reply, Endpoint asked) {
        @Nullable Endpoint[] owners = new Endpoint[HashSlots.COUNT];
        for (Object entry : (List<?>) reply) {
            List<?> range = (List<?>) entry;
            List<?> master = (List<?>) range.get(2);
            String host = master.get(0) == null ? "" : new String((byte[]) master.get(0), UTF_8);
            Endpoint owner = endpoint(host, Math.toIntExact((Long) master.get(1)), asked);
            for (int slot = Math.toIntExact((Long) range.get(0)); slot <= (Long) range.get(1); slot++) {
                owners[slot] = owner;
            }
        }
        return new SlotMap(owners, Set.of());
    }

    /** A node whose host is not told is where the one that was asked is. */
    static Endpoint endpoint(String host, int port, Endpoint asked) {
        return new Endpoint(host.isEmpty() || host.equals("?") ? asked.host() : host, port);
    }

    SlotMap with(int slot, Endpoint owner) {
        @Nullable Endpoint[] changed = owners.clone();
        changed[slot] = owner;
        return new SlotMap(changed, importing);
    }

    /** With a master that has no slot yet but answers for keys of one. */
    SlotMap importing(Endpoint server) {
        Set<Endpoint> more = new LinkedHashSet<>(importing);
        more.add(server);
        return new SlotMap(owners, more);
    }

    @Nullable
    Endpoint owner(int slot) {
        return owners[slot];
    }

    boolean sameAs(SlotMap other) {
        return Arrays.equals(owners, other.owners) && importing.equals(other.importing);
    }

    boolean hasSlots(Endpoint server) {
        return Arrays.asList(owners).contains(server);
    }

    /** Those that answer for keys. */
    Collection<Endpoint> masters() {
        return masters;
    }
}
