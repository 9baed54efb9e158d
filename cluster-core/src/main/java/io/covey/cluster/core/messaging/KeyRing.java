package io.covey.cluster.core.messaging;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.covey.cluster.Secret;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The keys of one purpose, one per server token: the first signs, all are accepted. They may be replaced at any time. */
final class KeyRing {
    private static final int ID_BYTES = 6;
    private static final int KEY_BYTES = 32;

    private final byte[] salt;
    private final String purpose;
    private volatile Keys keys;

    private KeyRing(List<Secret> tokens, String namespace, String purpose) {
        this.salt = namespace.getBytes(UTF_8);
        this.purpose = purpose;
        this.keys = derive(tokens);
    }

    /**
     * Derives the keys.
     *
     * @param tokens the server tokens, the one that signs first
     * @param namespace of the cluster: another cluster with the same token has other keys
     * @param purpose another purpose has other keys
     */
    static Optional<KeyRing> of(List<Secret> tokens, String namespace, String purpose) {
        return tokens.isEmpty() ? Optional.empty() : Optional.of(new KeyRing(tokens, namespace, purpose));
    }

    /** The id is derived too, so that nodes need not agree on names for tokens; it tells nothing of the token. */
    static String id(Secret token, String namespace) {
        return id(token, namespace.getBytes(UTF_8));
    }

    private static String id(Secret token, byte[] salt) {
        return HexFormat.of().formatHex(Hkdf.derive(token.bytes(), salt, "covey/bus/v1/id".getBytes(UTF_8), ID_BYTES));
    }

    /** Signs with the first and accepts all of them from now on, and no others. */
    void replace(List<Secret> tokens) {
        keys = derive(tokens);
    }

    Key signing() {
        return keys.signing;
    }

    /** The key that an envelope names. */
    Optional<Key> find(Arrival arrival) {
        for (Key key : keys.accepted) {
            if (key.isOf(arrival)) {
                return Optional.of(key);
            }
        }
        return Optional.empty();
    }

    private Keys derive(List<Secret> tokens) {
        Map<String, Key> accepted = new LinkedHashMap<>();
        for (Secret token : tokens) {
            String id = id(token, salt);
            byte[] key = Hkdf.derive(token.bytes(), salt, ("covey/bus/v1/" + purpose).getBytes(UTF_8), KEY_BYTES);
            accepted.put(id, new Key(id, key));
        }
        List<Key> keys = List.copyOf(accepted.values());
        return new Keys(keys.get(0), keys);
    }

    private record Keys(Key signing, List<Key> accepted) {}
}
