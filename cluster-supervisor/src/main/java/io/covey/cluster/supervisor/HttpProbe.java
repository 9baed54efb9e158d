package io.covey.cluster.supervisor;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Asks whether a process is ready, a question at a time. */
final class HttpProbe {
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private final HttpClient client;
    private final ExecutorService threads;

    HttpProbe(String name) {
        this.threads = Executors.newSingleThreadExecutor(body -> {
            Thread thread = new Thread(body, "covey-" + name + "-probe");
            thread.setDaemon(true);
            return thread;
        });
        this.client = HttpClient.newBuilder()
                .connectTimeout(TIMEOUT)
                .followRedirects(HttpClient.Redirect.NEVER)
                .executor(threads)
                .build();
    }

    /** Asks; the answer comes to the child. */
    void ask(Child child, String url) {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(url)).timeout(TIMEOUT).build();
        client.sendAsync(request, BodyHandlers.discarding())
                .whenComplete((response, thrown) ->
                        child.answered(thrown == null && response.statusCode() >= 200 && response.statusCode() < 300));
    }

    void close() {
        threads.shutdownNow();
    }
}
