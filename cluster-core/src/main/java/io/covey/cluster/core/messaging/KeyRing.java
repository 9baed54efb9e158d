package io.covey.cluster.core.messaging;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.covey.cluster.Secret;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The keys of one purpose, one per server token: the first signs, all are accepted. */
final class KeyRing {
    private final Key signing;
    private final Map<String, Key> accepted;

    private KeyRing(Key signing, Map<String, Key> accepted) {
        this.signing = signing;
        this.accepted = accepted;
    }

    /**
     * Derives the keys.
     *
     * @param tokens the server tokens, the one that signs first
     * @param namespace of the cluster: another cluster with the same token has other keys
     * @param purpose another purpose has other keys
     */
    static Optional<KeyRing> of(List<Secret> tokens, String namespace, String purpose) {
        Map<String, Key> keys = new LinkedHashMap<>();
        for (Secret token : tokens) {
            byte[] salt = namespace.getBytes(UTF_8);
            // The id is derived too, so that nodes need not agree on names for tokens; it tells nothing of the token.
            String id =
                    HexFormat.of().formatHex(Hkdf.derive(token.bytes(), salt, "covey/bus/v1/id".getBytes(UTF_8), 6));
            byte[] key = Hkdf.derive(token.bytes(), salt, ("covey/bus/v1/" + purpose).getBytes(UTF_8), 32);
            keys.put(id, new Key(id, key));
        }
        return keys.values().stream().findFirst().map(first -> new KeyRing(first, Map.copyOf(keys)));
    }

    Key signing() {
        return signing;
    }

    Optional<Key> find(String id) {
        return Optional.ofNullable(accepted.get(id));
    }
}
