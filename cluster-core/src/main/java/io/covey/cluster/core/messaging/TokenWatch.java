package io.covey.cluster.core.messaging;

import io.covey.cluster.Secret;
import io.covey.cluster.TokenFile;
import io.covey.cluster.core.runtime.NodeThreads;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a file of tokens again and again. It counts only when it was read twice alike: who writes it may be half-way, and
 * half a token is one too.
 */
final class TokenWatch {
    private static final Logger LOG = LoggerFactory.getLogger(TokenWatch.class);
    private static final long EVERY_MILLIS = 2000;

    private final TokenFile file;
    private final TokenBook book;
    private final AtomicBoolean looking = new AtomicBoolean();
    private List<Secret> seen;
    private String trouble = "";

    TokenWatch(TokenFile file, TokenBook book) {
        this.file = file;
        this.book = book;
        this.seen = List.of();
    }

    void start(NodeThreads threads) {
        threads.timer().scheduleWithFixedDelay(() -> ask(threads), EVERY_MILLIS, EVERY_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** On another thread: a file may be on a disk that does not answer. */
    private void ask(NodeThreads threads) {
        if (looking.compareAndSet(false, true)) {
            try {
                threads.workers().execute(() -> {
                    try {
                        look();
                    } finally {
                        looking.set(false);
                    }
                });
            } catch (RejectedExecutionException e) {
                LOG.debug("The token file is not read any more: the node is closed");
            }
        }
    }

    void look() {
        try {
            List<Secret> now = file.read();
            if (now.equals(seen)) {
                book.replace(now);
                trouble = "";
            }
            seen = now;
        } catch (IllegalArgumentException | UncheckedIOException e) {
            seen = List.of();
            if (!trouble.equals(e.getMessage())) {
                trouble = e.getMessage();
                LOG.atWarn()
                        .addKeyValue("event", "token.unchanged")
                        .log("The server tokens stay as they were: {}", trouble);
            }
        }
    }
}
