package io.covey.cluster.tck;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One connection through a {@link FaultProxy}: two sockets and a pump for each direction. */
final class FaultConnection {

    /** The answer to the next request with the pattern is to be dropped. */
    record Drop(String pattern, FaultProxy.Ending ending, CompletableFuture<Void> done) {}

    /** One side: what it is told and tells, and the wire below, which is the same where nothing is encrypted. */
    record End(Socket wire, Socket clear) {}

    private final End client;
    private final End server;
    private final FaultGate gate;
    private final AtomicReference<@Nullable Drop> armed;
    private final Consumer<FaultConnection> onOver;
    private final AtomicInteger pumps = new AtomicInteger(2);
    private volatile @Nullable Drop dropping;
    private volatile boolean clientEnded;
    private volatile boolean over;

    FaultConnection(
            End client,
            End server,
            FaultGate gate,
            AtomicReference<@Nullable Drop> armed,
            Consumer<FaultConnection> onOver) {
        this.client = client;
        this.server = server;
        this.gate = gate;
        this.armed = armed;
        this.onOver = onOver;
    }

    void pumpRequests() {
        pump(client, server, true);
    }

    void pumpResponses() {
        pump(server, client, false);
    }

    private void pump(End from, End to, boolean request) {
        try {
            boolean reset = false;
            try {
                copy(from.clear.getInputStream(), to.clear, request);
            } catch (IOException e) {
                reset = true;
            }
            if (gate.awaitOpen(() -> over).drops(request)) {
                return;
            }
            if (reset && !clientEnded) {
                reset(to.wire);
            } else {
                finish(to.wire);
            }
            if (pumps.decrementAndGet() == 0) {
                end();
            }
        } catch (InterruptedException e) {
            end();
        }
    }

    private void copy(InputStream in, Socket to, boolean request) throws IOException, InterruptedException {
        byte[] buffer = new byte[1 << 16];
        String seen = "";
        for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
            Drop drop = dropping;
            if (request && drop == null && !gate.mode().drops(true)) {
                seen = look(seen + new String(buffer, 0, length, ISO_8859_1));
            } else if (!request && drop != null) {
                endInsteadOfAnswering(drop);
            }
            if (!clientEnded) {
                deliver(buffer, length, to, request);
            }
        }
    }

    /** Returns what may be the beginning of the pattern. */
    private String look(String text) {
        Drop drop = armed.get();
        if (drop == null) {
            return "";
        }
        if (text.contains(drop.pattern) && armed.compareAndSet(drop, null)) {
            dropping = drop;
        }
        return text.substring(Math.max(0, text.length() - drop.pattern.length() + 1));
    }

    private void endInsteadOfAnswering(Drop drop) {
        if (!clientEnded) {
            // The request pump tells the server when it sees the client's end, after all it has read was delivered.
            clientEnded = true;
            if (drop.ending == FaultProxy.Ending.RST) {
                reset(client.wire);
            } else {
                finish(client.wire);
            }
            drop.done.complete(null);
        }
    }

    private void deliver(byte[] bytes, int length, Socket to, boolean request) throws InterruptedException {
        for (int from = 0; from < length; ) {
            FaultMode mode = gate.awaitOpen(() -> over);
            if (from == 0) {
                gate.delay(mode.delayNanos(), mode, () -> over);
                mode = gate.awaitOpen(() -> over);
            }
            if (mode.drops(request) || over) {
                return;
            }
            int piece = Math.min(mode.piece(), length - from);
            try {
                OutputStream out = to.getOutputStream();
                out.write(bytes, from, piece);
            } catch (IOException e) {
                // Whoever does not hear any more is spoken to in vain; its end shows in the other direction.
                return;
            }
            gate.delay(mode.pause().toNanos(), mode, () -> over);
            from += piece;
        }
    }

    /** FIN to the client; the server notices nothing. */
    void halfClose() {
        finish(client.wire);
    }

    /** RST to both. */
    void reset() {
        over = true;
        reset(client.wire);
        reset(server.wire);
        gate.wake();
        onOver.accept(this);
    }

    private void end() {
        over = true;
        close(client.wire);
        close(server.wire);
        onOver.accept(this);
    }

    private static void finish(Socket socket) {
        try {
            socket.shutdownOutput();
        } catch (IOException e) {
            // It is over already.
        }
    }

    static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
        } catch (IOException e) {
            // It is over already.
        }
        close(socket);
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is over already.
        }
    }
}
