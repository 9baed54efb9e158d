package io.covey.cluster.cli.demo;

import io.covey.cluster.cli.demo.FileCount.Kind;
import io.covey.cluster.cli.demo.FileCount.Term;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The sum over files, independent of their order, in bounded memory. Not thread-safe. */
final class Totals {
    private static final int MOST_TERMS = 50_000;

    private final Map<String, Long> terms = new HashMap<>();
    private long files;
    private long binary;
    private long unreadable;
    private long bytes;
    private long lines;
    private long words;
    private long digest;

    void add(FileCount count) {
        files++;
        binary += count.kind() == Kind.BINARY ? 1 : 0;
        unreadable += count.kind() == Kind.UNREADABLE ? 1 : 0;
        bytes += count.bytes();
        lines += count.lines();
        words += count.words();
        digest += spread(count);
        for (Term term : count.terms()) {
            if (terms.size() < MOST_TERMS || terms.containsKey(term.text())) {
                terms.merge(term.text(), term.count(), Long::sum);
            }
        }
    }

    long files() {
        return files;
    }

    long binary() {
        return binary;
    }

    long unreadable() {
        return unreadable;
    }

    long bytes() {
        return bytes;
    }

    long lines() {
        return lines;
    }

    long words() {
        return words;
    }

    /** A sum over everything counted in every file: two totals with the same one were counted from the same files. */
    long digest() {
        return digest;
    }

    /** The most frequent of the files' most frequent terms. */
    List<Term> terms(int limit) {
        return terms.entrySet().stream()
                .map(entry -> new Term(entry.getKey(), entry.getValue()))
                .sorted(Comparator.comparingLong(Term::count).reversed().thenComparing(Term::text))
                .limit(limit)
                .toList();
    }

    boolean sameAs(Totals other) {
        return files == other.files
                && binary == other.binary
                && unreadable == other.unreadable
                && bytes == other.bytes
                && lines == other.lines
                && words == other.words
                && digest == other.digest;
    }

    private static long spread(FileCount count) {
        long hash = 1125899906842597L;
        String text = count.path()
                + '\n'
                + count.kind()
                + count.bytes()
                + ' '
                + count.lines()
                + ' '
                + count.words()
                + ' '
                + count.terms();
        for (int i = 0; i < text.length(); i++) {
            hash = 31 * hash + text.charAt(i);
        }
        return hash * 0x9E3779B97F4A7C15L;
    }
}
