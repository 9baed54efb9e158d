package io.covey.cluster.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.covey.cluster.Cluster;
import io.covey.cluster.Health.Check;
import io.covey.cluster.Health.Report;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import tools.jackson.databind.json.JsonMapper;

/**
 * What Prometheus and Kubernetes ask a process: {@code /metrics}, {@code /health/live}, {@code /health/ready}. It answers
 * from before the process joins its cluster until after it has left. Read-only and without a login.
 */
final class MetricsServer implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";
    private static final int OK = 200;
    private static final int NOT_FOUND = 404;
    private static final int NOT_ALLOWED = 405;
    private static final int UNAVAILABLE = 503;
    /** No more connections than threads, so that peers that send nothing keep nobody else waiting. */
    private static final int MOST_CONNECTIONS = 100;

    private static final int IDLE_SECONDS = 30;
    private static final int MOST_PORT = 65_535;
    private static final Report JOINING = Report.of(List.of(new Check("node", false, "the node is joining")));

    private final HttpServer server;
    private final ExecutorService threads;
    private final Supplier<String> metrics;
    private volatile Supplier<Report> live = () -> Report.of(List.of());
    private volatile Supplier<Report> ready = () -> JOINING;

    private MetricsServer(HttpServer server, ExecutorService threads, Supplier<String> metrics) {
        this.server = server;
        this.threads = threads;
        this.metrics = metrics;
    }

    /**
     * Answers from now on.
     *
     * @param port 0 for a free one
     * @param name of the node, for the names of threads
     */
    static MetricsServer start(String host, int port, String name, Supplier<String> metrics) {
        if (port < 0 || port > MOST_PORT) {
            throw new IllegalArgumentException(
                    "The port of the metrics must be between 0 and " + MOST_PORT + ", was " + port);
        }
        // Of the JDK's server, for the whole process; what has been set stays.
        System.getProperties().putIfAbsent("jdk.httpserver.maxConnections", "" + MOST_CONNECTIONS);
        System.getProperties().putIfAbsent("sun.net.httpserver.maxReqTime", "" + IDLE_SECONDS);
        HttpServer http;
        try {
            http = HttpServer.create(new InetSocketAddress(host, port), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "Metrics cannot be served on " + host + ":" + port + ": " + e.getMessage(), e);
        }
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                MOST_CONNECTIONS,
                MOST_CONNECTIONS,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                task -> {
                    Thread thread = new Thread(task, "covey-" + name + "-metrics");
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
        MetricsServer server = new MetricsServer(http, threads, metrics);
        http.setExecutor(threads);
        http.createContext("/", server::answer);
        http.start();
        return server;
    }

    /** From now on the node tells how it is. */
    void joined(Cluster cluster) {
        live = cluster.health()::live;
        ready = cluster.health()::ready;
    }

    int port() {
        return server.getAddress().getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (!exchange.getRequestMethod().matches("GET|HEAD")) {
                send(exchange, NOT_ALLOWED, "text/plain", "Only GET is answered here\n");
                return;
            }
            switch (exchange.getRequestURI().getPath()) {
                case "/metrics" -> send(exchange, OK, PROMETHEUS, metrics.get());
                case "/health/live" -> send(exchange, live.get());
                case "/health/ready" -> send(exchange, ready.get());
                default ->
                    send(exchange, NOT_FOUND, "text/plain", "There are /metrics, /health/live and /health/ready\n");
            }
        }
    }

    private static void send(HttpExchange exchange, Report report) throws IOException {
        List<Map<String, Object>> checks = report.checks().stream()
                .map(check -> Output.fields("name", check.name(), "ok", check.ok(), "trouble", check.trouble()))
                .toList();
        String json = JSON.writeValueAsString(Output.fields("ok", report.ok(), "checks", checks));
        send(exchange, report.ok() ? OK : UNAVAILABLE, "application/json", json + "\n");
    }

    private static void send(HttpExchange exchange, int status, String type, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.sendResponseHeaders(status, -1);
        } else {
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
