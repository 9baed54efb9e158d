package io.covey.cluster.dashboard;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The files of the page, all read at the start: no path that somebody sends ever names a file. */
final class StaticFiles {
    private static final String HTML = "text/html; charset=utf-8";
    private static final String SCRIPT = "text/javascript; charset=utf-8";

    private static final List<String> SCRIPTS = List.of(
            "api",
            "app",
            "backend",
            "charts",
            "dom",
            "failed",
            "format",
            "lists",
            "login",
            "overview",
            "queues",
            "table");

    private final Map<String, Answer> files = new LinkedHashMap<>();

    StaticFiles() {
        add("/", "index.html", HTML);
        add("/login", "login.html", HTML);
        add("/assets/style.css", "style.css", "text/css; charset=utf-8");
        add("/assets/icon.svg", "icon.svg", "image/svg+xml");
        for (String script : SCRIPTS) {
            add("/assets/" + script + ".js", script + ".js", SCRIPT);
        }
    }

    private void add(String path, String file, String type) {
        try (InputStream in = StaticFiles.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException("The jar of the dashboard has no " + file);
            }
            byte[] bytes = in.readAllBytes();
            files.put(
                    path,
                    new Answer(200, Map.of("Content-Type", type), bytes)
                            .with("ETag", "\"" + Secrets.digest(bytes) + "\"")
                            .with("Cache-Control", "no-cache"));
        } catch (IOException e) {
            throw new UncheckedIOException("The file " + file + " of the dashboard cannot be read: " + e, e);
        }
    }

    Optional<Answer> find(Request request) {
        return Optional.ofNullable(files.get(request.path())).map(file -> {
            boolean known = request.header("If-None-Match")
                    .filter(file.headers().get("ETag")::equals)
                    .isPresent();
            return known ? new Answer(304, file.headers(), new byte[0]) : file;
        });
    }

    /** Whether a path shows nothing of the cluster. */
    static boolean isPublic(String path) {
        return path.equals("/login") || path.startsWith("/assets/");
    }
}
