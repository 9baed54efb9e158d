package io.covey.cluster.examples.chat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.covey.cluster.Codec;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** A headless browser, told what to do over the protocol of its developer tools. */
final class Chromium implements AutoCloseable {
    private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome");
    private static final String READY = "DevTools listening on ";
    private static final long PATIENCE = 90;

    private final Process process;
    private final Path profile;
    private final Codec<Map<String, Object>> json;
    private final WebSocket socket;
    private final AtomicInteger ids = new AtomicInteger();
    private final Map<Integer, CompletableFuture<Map<String, Object>>> calls = new ConcurrentHashMap<>();

    private Chromium(Process process, Path profile, Codec<Map<String, Object>> json, String url) throws Exception {
        this.process = process;
        this.profile = profile;
        this.json = json;
        this.socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(URI.create(url), new Answers())
                .get(PATIENCE, TimeUnit.SECONDS);
    }

    /** Skips the test, with the reason in one line, where there is no browser. */
    static Chromium start(Codec<Map<String, Object>> json) throws Exception {
        Optional<Path> program = find();
        if (program.isEmpty()) {
            System.out.println("Skipped the chat in a browser: none of " + NAMES + " is on the PATH");
        }
        assumeTrue(program.isPresent(), () -> "none of " + NAMES + " is on the PATH");
        Path profile = Files.createTempDirectory("covey-chromium");
        Process process = new ProcessBuilder(
                        program.orElseThrow().toString(),
                        "--headless",
                        "--no-sandbox", // whoever runs tests as root has no other choice
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--user-data-dir=" + profile,
                        "--remote-debugging-port=0",
                        "about:blank")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            return new Chromium(process, profile, json, url(process));
        } catch (Exception e) {
            process.destroyForcibly();
            throw e;
        }
    }

    private static Optional<Path> find() {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .flatMap(folder -> NAMES.stream().map(name -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** What it says at its start; the rest is read and dropped, or it would stand still. */
    private static String url(Process process) throws Exception {
        CompletableFuture<String> url = new CompletableFuture<>();
        Thread reader = new Thread(
                () -> {
                    try (BufferedReader lines = process.errorReader()) {
                        lines.lines()
                                .filter(line -> line.startsWith(READY))
                                .forEach(line -> url.complete(line.substring(READY.length())));
                    } catch (IOException | RuntimeException e) {
                        url.completeExceptionally(e);
                    }
                    url.completeExceptionally(new IllegalStateException("the browser ended"));
                },
                "chat-test-chromium");
        reader.setDaemon(true);
        reader.start();
        return url.get(PATIENCE, TimeUnit.SECONDS);
    }

    private final class Answers implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                Map<String, Object> message = json.decode(text.toString().getBytes(UTF_8));
                text.setLength(0);
                if (message.get("id") instanceof Number id) {
                    Optional.ofNullable(calls.remove(id.intValue())).ifPresent(call -> call.complete(message));
                }
            }
            from.request(1);
            return null;
        }
    }

    private Map<String, Object> call(Optional<String> session, String method, Map<String, Object> params)
            throws Exception {
        int id = ids.incrementAndGet();
        CompletableFuture<Map<String, Object>> call = new CompletableFuture<>();
        calls.put(id, call);
        Map<String, Object> message = new HashMap<>(Map.of("id", id, "method", method, "params", params));
        session.ifPresent(name -> message.put("sessionId", name));
        synchronized (socket) {
            socket.sendText(new String(json.encode(message), UTF_8), true).get(PATIENCE, TimeUnit.SECONDS);
        }
        Map<String, Object> answer = call.get(PATIENCE, TimeUnit.SECONDS);
        if (answer.containsKey("error")) {
            throw new IllegalStateException(method + ": " + answer.get("error"));
        }
        return object(answer.get("result"));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> object(Object value) {
        return (Map<String, Object>) value;
    }

    /** A new tab. */
    Page open(String url) throws Exception {
        Object target = call(Optional.empty(), "Target.createTarget", Map.of("url", url))
                .get("targetId");
        Object session = call(Optional.empty(), "Target.attachToTarget", Map.of("targetId", target, "flatten", true))
                .get("sessionId");
        return new Page((String) session);
    }

    /** A tab. */
    final class Page {
        private final Optional<String> session;

        Page(String session) {
            this.session = Optional.of(session);
        }

        /** The value of an expression; null while the page is being loaded. */
        Object eval(String expression) throws Exception {
            Map<String, Object> result = call(
                    session,
                    "Runtime.evaluate",
                    Map.of("expression", expression, "returnByValue", true, "awaitPromise", true));
            return result.containsKey("exceptionDetails")
                    ? null
                    : object(result.get("result")).get("value");
        }

        void reload() throws Exception {
            call(session, "Page.reload", Map.of());
        }
    }

    @Override
    public void close() throws IOException {
        socket.abort();
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        process.onExit().join();
        try (Stream<Path> files = Files.walk(profile)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        }
    }
}
