package io.covey.cluster.tck;

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
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A headless browser, told what to do over the protocol of its developer tools. For tests of pages. */
public final class Chromium implements AutoCloseable {
    private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome");
    private static final String READY = "DevTools listening on ";
    private static final long PATIENCE = 90;
    private static final int MOST_KEPT = 10_000;

    private final Process process;
    private final Path profile;
    private final Codec<Map<String, Object>> json;
    private final WebSocket socket;
    private final AtomicInteger ids = new AtomicInteger();
    private final Map<Integer, CompletableFuture<Map<String, Object>>> calls = new ConcurrentHashMap<>();
    private final Map<String, Page> pages = new ConcurrentHashMap<>();

    private Chromium(Process process, Path profile, Codec<Map<String, Object>> json, String url) throws Exception {
        this.process = process;
        this.profile = profile;
        this.json = json;
        this.socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(URI.create(url), new Answers())
                .get(PATIENCE, TimeUnit.SECONDS);
    }

    /**
     * Starts one. Skips the test, with the reason in one line, where there is no browser.
     *
     * @param json of maps, which the protocol consists of
     * @return the browser; closing it ends it
     * @throws Exception if it does not start
     */
    public static Chromium start(Codec<Map<String, Object>> json) throws Exception {
        Optional<Path> program = find();
        if (program.isEmpty()) {
            System.out.println("Skipped what needs a browser: none of " + NAMES + " is on the PATH");
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
                "covey-test-chromium");
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
                } else if (message.get("sessionId") instanceof String session && pages.containsKey(session)) {
                    pages.get(session).heard((String) message.get("method"), object(message.get("params")));
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

    /**
     * A new tab.
     *
     * @param url what it shows
     * @return the tab, perhaps before it shows it
     * @throws Exception if the browser does not answer
     */
    public Page open(String url) throws Exception {
        Object target = call(Optional.empty(), "Target.createTarget", Map.of("url", "about:blank"))
                .get("targetId");
        Object session = call(Optional.empty(), "Target.attachToTarget", Map.of("targetId", target, "flatten", true))
                .get("sessionId");
        Page page = new Page((String) session);
        pages.put((String) session, page);
        for (String domain : List.of("Page", "Network", "Runtime", "Log")) {
            page.tell(domain + ".enable", Map.of());
        }
        page.tell(
                "Emulation.setFocusEmulationEnabled",
                Map.of("enabled", true)); // of many tabs one alone would hear keys
        page.go(url);
        return page;
    }

    /** A tab. */
    public final class Page {
        private final Optional<String> session;
        private final Queue<String> requests = new ConcurrentLinkedQueue<>();
        private final Queue<String> dialogs = new ConcurrentLinkedQueue<>();
        private final Queue<String> complaints = new ConcurrentLinkedQueue<>();

        Page(String session) {
            this.session = Optional.of(session);
        }

        private Map<String, Object> tell(String method, Map<String, Object> params) throws Exception {
            return call(session, method, params);
        }

        private void heard(String method, Map<String, Object> params) {
            switch (method) {
                case "Network.requestWillBeSent" ->
                    keep(requests, (String) object(params.get("request")).get("url"));
                case "Page.javascriptDialogOpening" -> keep(dialogs, String.valueOf(params.get("message")));
                case "Runtime.exceptionThrown" -> keep(complaints, String.valueOf(params.get("exceptionDetails")));
                case "Log.entryAdded" -> keep(complaints, String.valueOf(params.get("entry")));
                default -> {}
            }
        }

        private static void keep(Queue<String> kept, String what) {
            kept.add(what);
            if (kept.size() > MOST_KEPT) {
                kept.remove();
            }
        }

        /**
         * Shows something else.
         *
         * @param url what
         * @throws Exception if the browser does not answer
         */
        public void go(String url) throws Exception {
            tell("Page.navigate", Map.of("url", url));
        }

        /**
         * The value of an expression.
         *
         * @param expression in JavaScript
         * @return the value; null while the page is being loaded, or if it throws
         * @throws Exception if the browser does not answer
         */
        public @Nullable Object eval(String expression) throws Exception {
            Map<String, Object> result = tell(
                    "Runtime.evaluate", Map.of("expression", expression, "returnByValue", true, "awaitPromise", true));
            return result.containsKey("exceptionDetails")
                    ? null
                    : object(result.get("result")).get("value");
        }

        /**
         * Loads it again.
         *
         * @throws Exception if the browser does not answer
         */
        public void reload() throws Exception {
            tell("Page.reload", Map.of());
        }

        /**
         * Changes what it is shown on.
         *
         * @param width in pixels
         * @param height in pixels
         * @param phone whether it is one
         * @param dark whether its user wants it dark
         * @throws Exception if the browser does not answer
         */
        public void screen(int width, int height, boolean phone, boolean dark) throws Exception {
            tell(
                    "Emulation.setDeviceMetricsOverride",
                    Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", phone));
            tell(
                    "Emulation.setEmulatedMedia",
                    Map.of(
                            "features",
                            List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
        }

        /**
         * Presses a key.
         *
         * @param key such as {@code Tab}
         * @param code its number in the browser's table of keys
         * @throws Exception if the browser does not answer
         */
        public void press(String key, int code) throws Exception {
            for (String type : List.of("keyDown", "keyUp")) {
                tell(
                        "Input.dispatchKeyEvent",
                        Map.of("type", type, "key", key, "code", key, "windowsVirtualKeyCode", code));
            }
        }

        /**
         * What it looks like now.
         *
         * @return a PNG
         * @throws Exception if the browser does not answer
         */
        public byte[] picture() throws Exception {
            return Base64.getDecoder().decode((String)
                    tell("Page.captureScreenshot", Map.of("format", "png")).get("data"));
        }

        /**
         * What it has asked for since it was opened.
         *
         * @return the addresses
         */
        public List<String> requests() {
            return List.copyOf(requests);
        }

        /**
         * What boxes it has opened by {@code alert} and its like since it was opened.
         *
         * @return their texts
         */
        public List<String> dialogs() {
            return List.copyOf(dialogs);
        }

        /**
         * What was wrong with it since it was opened: errors of scripts, violations of its policy, failed requests.
         *
         * @return as the browser says it
         */
        public List<String> complaints() {
            return List.copyOf(complaints);
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
