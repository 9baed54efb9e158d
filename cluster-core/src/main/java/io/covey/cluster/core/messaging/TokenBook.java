package io.covey.cluster.core.messaging;

import io.covey.cluster.Secret;
import io.covey.cluster.Security;
import io.covey.cluster.Tokens;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The server tokens of a node, and the rings of keys derived from them. */
final class TokenBook implements Tokens {
    private static final Logger LOG = LoggerFactory.getLogger(TokenBook.class);

    private final String namespace;
    private final Security settings;
    private final ReentrantLock lock = new ReentrantLock();
    private final List<KeyRing> rings = new ArrayList<>();
    private volatile List<Secret> tokens;

    TokenBook(Security settings, String namespace) {
        this.settings = settings;
        this.namespace = namespace;
        this.tokens = settings.tokens();
    }

    /** A ring that follows these tokens; empty if there are none. */
    Optional<KeyRing> ring(String purpose) {
        lock.lock();
        try {
            Optional<KeyRing> ring = KeyRing.of(tokens, namespace, purpose);
            ring.ifPresent(rings::add);
            return ring;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public List<String> ids() {
        return tokens.stream().map(this::id).toList();
    }

    @Override
    public String id(Secret token) {
        return KeyRing.id(token, namespace);
    }

    @Override
    public void accept(Secret token) {
        change(before -> {
            List<Secret> after = new ArrayList<>(before);
            if (!after.contains(token)) {
                after.add(token);
            }
            if (after.size() > Security.MOST_TOKENS) {
                throw new IllegalStateException("This node accepts " + Security.MOST_TOKENS
                        + " server tokens already, the most: refuse an old one first");
            }
            return after;
        });
    }

    @Override
    public void signWith(Secret token) {
        change(before -> {
            List<Secret> after = new ArrayList<>(before);
            if (!after.remove(token)) {
                throw new IllegalStateException("This node does not accept the server token " + id(token)
                        + " yet: have every node accept it before one signs with it");
            }
            after.add(0, token);
            return after;
        });
    }

    @Override
    public void refuse(Secret token) {
        change(before -> {
            if (before.indexOf(token) == 0) {
                throw new IllegalStateException("This node signs with the server token " + id(token)
                        + ": have it sign with another before it refuses this one");
            }
            return before.stream().filter(other -> !other.equals(token)).toList();
        });
    }

    /** What the file says from now on. */
    void replace(List<Secret> after) {
        apply(before -> after);
    }

    private interface Change {
        List<Secret> of(List<Secret> before);
    }

    private void change(Change change) {
        settings.file().ifPresent(file -> {
            throw new IllegalStateException(
                    "The server tokens of this node are those of the file " + file.path() + ": change them there");
        });
        if (settings.tokens().isEmpty()) {
            throw new IllegalStateException(
                    "This node joined without a server token, and signs nothing: join again with "
                            + "one to have messages signed");
        }
        apply(change);
    }

    private void apply(Change change) {
        lock.lock();
        try {
            List<Secret> after = change.of(tokens);
            if (!after.equals(tokens)) {
                set(after);
            }
        } finally {
            lock.unlock();
        }
    }

    private void set(List<Secret> after) {
        tokens = List.copyOf(after);
        rings.forEach(ring -> ring.replace(tokens));
        List<String> ids = ids();
        LOG.atInfo()
                .addKeyValue("event", "token.changed")
                .log("Messages are signed with the server token {} from now on; accepted are {}", ids.get(0), ids);
    }
}
