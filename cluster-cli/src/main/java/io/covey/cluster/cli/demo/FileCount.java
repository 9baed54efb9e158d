package io.covey.cluster.cli.demo;

import java.util.List;

/**
 * What was counted in one file.
 *
 * @param path relative to the folder
 * @param kind whether there was anything to count
 * @param bytes how long it is
 * @param lines how many lines, an unfinished last one included; 0 unless it is text
 * @param words how many words between white space; 0 unless it is text
 * @param terms the most frequent terms, most frequent first
 */
record FileCount(String path, Kind kind, long bytes, long lines, long words, List<Term> terms) {

    /** What a file turned out to be. */
    enum Kind {
        /** Counted. */
        TEXT,
        /** It holds a NUL byte near its beginning: only its length counts. */
        BINARY,
        /** It could not be read, or is gone. */
        UNREADABLE
    }

    /** A term and how often it occurs. */
    record Term(String text, long count) {}
}
