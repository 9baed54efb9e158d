package io.covey.cluster.cli.demo;

import io.covey.cluster.cli.demo.FileCount.Kind;
import io.covey.cluster.cli.demo.FileCount.Term;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Counts one file in bounded memory, whatever it holds. Not thread-safe. */
final class FileCounter {
    private static final int SNIFFED = 8192;
    private static final int SHORTEST_TERM = 4;
    private static final int LONGEST_TERM = 40;
    private static final int MOST_TERMS = 20_000;
    private static final int KEPT_TERMS = 5;

    private final Map<String, Long> terms = new HashMap<>();
    private final StringBuilder term = new StringBuilder();
    private long lines;
    private long words;

    private FileCounter() {}

    /** Counts a file; never throws for what the file is. */
    static FileCount count(Path folder, String path) {
        Path file = folder.resolve(path);
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), SNIFFED)) {
            in.mark(SNIFFED);
            byte[] start = in.readNBytes(SNIFFED - 1);
            in.reset();
            if (isBinary(start)) {
                return new FileCount(path, Kind.BINARY, Files.size(file), 0, 0, List.of());
            }
            FileCounter counter = new FileCounter();
            counter.read(new InputStreamReader(in, StandardCharsets.UTF_8));
            return new FileCount(
                    path, Kind.TEXT, Files.size(file), counter.lines, counter.words, counter.mostFrequent());
        } catch (IOException e) {
            return new FileCount(path, Kind.UNREADABLE, 0, 0, 0, List.of());
        }
    }

    private static boolean isBinary(byte[] start) {
        for (byte b : start) {
            if (b == 0) {
                return true;
            }
        }
        return false;
    }

    private void read(Reader reader) throws IOException {
        char[] buffer = new char[SNIFFED];
        boolean inWord = false;
        char last = '\n';
        int n;
        while ((n = reader.read(buffer)) > 0) {
            for (int i = 0; i < n; i++) {
                char c = buffer[i];
                if (c == '\n') {
                    lines++;
                }
                boolean space = Character.isWhitespace(c);
                if (!space && !inWord) {
                    words++;
                }
                inWord = !space;
                letter(c);
                last = c;
            }
        }
        endOfTerm();
        if (last != '\n') {
            lines++;
        }
    }

    private void letter(char c) {
        if (!Character.isLetter(c)) {
            endOfTerm();
        } else if (term.length() <= LONGEST_TERM) {
            term.append(c);
        }
    }

    private void endOfTerm() {
        if (term.length() >= SHORTEST_TERM && term.length() <= LONGEST_TERM) {
            String text = term.toString().toLowerCase(Locale.ROOT);
            if (terms.size() < MOST_TERMS || terms.containsKey(text)) {
                terms.merge(text, 1L, Long::sum);
            }
        }
        term.setLength(0);
    }

    private List<Term> mostFrequent() {
        return terms.entrySet().stream()
                .map(entry -> new Term(entry.getKey(), entry.getValue()))
                .sorted(Comparator.comparingLong(Term::count).reversed().thenComparing(Term::text))
                .limit(KEPT_TERMS)
                .toList();
    }
}
