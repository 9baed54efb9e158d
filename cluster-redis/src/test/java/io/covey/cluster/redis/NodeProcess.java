package io.covey.cluster.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.redis.embedded.RedisServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A process of another fleet that does what it is told, see {@code fleet.js}. */
final class NodeProcess implements AutoCloseable {
    private static final int PATIENCE = 120;

    private final Process process;
    private final Writer input;
    private final Thread reader;
    private final AtomicLong ids = new AtomicLong();
    private final Map<Long, CompletableFuture<@Nullable Object>> calls = new ConcurrentHashMap<>();
    private final Queue<Map<?, ?>> events = new ConcurrentLinkedQueue<>();
    private final CompletableFuture<Void> up = new CompletableFuture<>();

    private NodeProcess(Process process) {
        this.process = process;
        this.input = process.outputWriter(UTF_8);
        this.reader = new Thread(this::read, "covey-test-node-" + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    /**
     * Starts one and waits until it is up.
     *
     * @param make node-resque, actionhero-9 or actionhero-29
     * @param settings JSON
     */
    static NodeProcess start(RedisServer server, String make, String settings) {
        Path home = NodePackages.folder();
        NodeProcess started;
        try {
            started = new NodeProcess(new ProcessBuilder(
                            "node", "--no-warnings", "fleet.js", Integer.toString(server.port()), make, settings)
                    .directory(home.toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        try {
            get(started.up);
        } catch (AssertionError e) {
            started.close();
            throw e;
        }
        return started;
    }

    private static <T extends @Nullable Object> T get(CompletableFuture<T> future) {
        try {
            return future.get(PATIENCE, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause().getMessage(), e.getCause());
        } catch (TimeoutException e) {
            throw new AssertionError("node did not answer within " + PATIENCE + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    private void read() {
        try (BufferedReader lines = process.inputReader(UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("{")) {
                    take((Map<?, ?>) Json.read(line.getBytes(UTF_8)));
                }
            }
            fail("the node process ended");
        } catch (IOException | Json.MalformedException e) {
            fail("the node process cannot be read: " + e.getMessage());
        }
    }

    private void fail(String reason) {
        IllegalStateException ended = new IllegalStateException(reason);
        up.completeExceptionally(ended);
        calls.values().forEach(call -> call.completeExceptionally(ended));
    }

    private void take(Map<?, ?> line) {
        if (line.get("id") instanceof Json.Num id) {
            CompletableFuture<@Nullable Object> call = calls.remove(Long.parseLong(id.digits()));
            if (line.containsKey("error")) {
                call.completeExceptionally(new IllegalStateException(String.valueOf(line.get("error"))));
            } else {
                call.complete(line.get("result"));
            }
        } else if ("up".equals(line.get("event"))) {
            up.complete(null);
        } else if ("failed".equals(line.get("event"))) {
            up.completeExceptionally(new IllegalStateException(String.valueOf(line.get("error"))));
        } else {
            events.add(line);
        }
    }

    /**
     * Calls a method.
     *
     * @param to queue, worker, scheduler, task, cache, stats or redis
     * @param args a JSON array
     * @return what it answered, as {@link Json} reads it
     * @throws AssertionError with its message if it failed
     */
    @Nullable
    Object call(String to, String method, String args) {
        long id = ids.incrementAndGet();
        CompletableFuture<@Nullable Object> call = new CompletableFuture<>();
        calls.put(id, call);
        try {
            input.write("{\"id\":" + id + ",\"to\":\"" + to + "\",\"do\":\"" + method + "\",\"args\":" + args + "}\n");
            input.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return get(call);
    }

    @Nullable
    Object queue(String method, String args) {
        return call("queue", method, args);
    }

    /** What its queue answered, as JSON. */
    String json(String method, String args) {
        return new String(JsonWriter.faithful(queue(method, args)), UTF_8);
    }

    /** Events of a kind so far. */
    List<Map<?, ?>> events(String kind) {
        return events.stream()
                .filter(event -> kind.equals(event.get("event")))
                .<Map<?, ?>>map(event -> event)
                .toList();
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** SIGKILL. */
    void kill() {
        process.destroyForcibly();
        end();
    }

    private void end() {
        try {
            assertThat(process.waitFor(PATIENCE, TimeUnit.SECONDS)).isTrue();
            reader.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        end();
    }
}
