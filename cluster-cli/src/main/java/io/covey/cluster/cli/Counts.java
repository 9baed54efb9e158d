package io.covey.cluster.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** How many of something, at least one. For picocli. */
final class Counts {
    private Counts() {}

    private static long parse(String text, long most) {
        try {
            long n = Long.parseLong(text);
            if (n > 0 && n <= most) {
                return n;
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw new TypeConversionException("it is a number from 1 to " + most + ", was \"" + text + "\"");
    }

    /** Up to two thousand million. */
    static final class Some implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) {
            return (int) parse(text, Integer.MAX_VALUE);
        }
    }

    /** Any number. */
    static final class Many implements ITypeConverter<Long> {
        @Override
        public Long convert(String text) {
            return parse(text, Long.MAX_VALUE);
        }
    }
}
