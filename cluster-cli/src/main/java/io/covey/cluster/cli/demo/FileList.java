package io.covey.cluster.cli.demo;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import tools.jackson.databind.json.JsonMapper;

/**
 * The paths of a folder's files at one time, kept in a file so that any number of them fits: what is enqueued, counted
 * beside, and collected is the same list.
 */
final class FileList implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final Path list;
    private final long size;

    private FileList(Path list, long size) {
        this.list = list;
        this.size = size;
    }

    static FileList of(Folder folder) {
        try {
            Path list = Files.createTempFile("covey-demo-", ".files");
            long[] size = {0};
            try (BufferedWriter writer = Files.newBufferedWriter(list)) {
                folder.walk(path -> {
                    try {
                        writer.write(JSON.writeValueAsString(path));
                        writer.write('\n');
                        size[0]++;
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
            }
            return new FileList(list, size[0]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    long size() {
        return size;
    }

    /** Hands out the paths in portions of up to {@code limit}. */
    void portions(int limit, Consumer<List<String>> each) {
        try (BufferedReader reader = Files.newBufferedReader(list)) {
            List<String> portion = new ArrayList<>(limit);
            String line;
            while ((line = reader.readLine()) != null) {
                portion.add(JSON.readValue(line, String.class));
                if (portion.size() == limit) {
                    each.accept(portion);
                    portion = new ArrayList<>(limit);
                }
            }
            if (!portion.isEmpty()) {
                each.accept(portion);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            Files.deleteIfExists(list);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
