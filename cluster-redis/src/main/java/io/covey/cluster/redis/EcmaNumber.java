package io.covey.cluster.redis;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Numbers as ECMAScript prints them: the fewest digits that read back as the same double. */
final class EcmaNumber {
    private static final double SAFE = 9_007_199_254_740_992.0;
    private static final int SAFE_DIGITS = 16;
    private static final int LONGEST = 400;
    private static final int MOST_WHOLE = 21;
    private static final int MOST_ZEROS = -6;
    private static final Pattern ZERO = Pattern.compile("0(\\.0+)?([eE].*)?");

    private EcmaNumber() {}

    /**
     * @param json a number as JSON writes it
     * @return what JSON.stringify(JSON.parse(json)) gives
     */
    static String canonical(String json) {
        return print(Double.parseDouble(json));
    }

    /**
     * As {@link #canonical}, but what a double cannot hold stays as it is: a large id must not become another one.
     *
     * @param json a number as JSON writes it
     */
    static String lossless(String json) {
        if (json.length() < SAFE_DIGITS && isWhole(json)) {
            return json;
        }
        double value = Double.parseDouble(json);
        if (Double.isInfinite(value) || (value == 0 && json.charAt(0) == '-') || json.length() > LONGEST) {
            return json;
        }
        if (value == 0) { // perhaps by an exponent that is too small for a BigDecimal, too
            return ZERO.matcher(json).matches() ? "0" : json;
        }
        String printed = print(value);
        return new BigDecimal(printed).compareTo(new BigDecimal(json)) == 0 ? printed : json;
    }

    /** An integer in its only form; JSON allows no leading zeros. */
    private static boolean isWhole(String json) {
        for (int i = 0; i < json.length(); i++) {
            if (json.charAt(i) < '0' || json.charAt(i) > '9') {
                return json.length() > 1
                        && i == 0
                        && json.charAt(0) == '-'
                        && json.charAt(1) != '0'
                        && isWhole(json.substring(1));
            }
        }
        return true;
    }

    static String print(double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return "null";
        }
        if (value == Math.rint(value) && Math.abs(value) < SAFE) {
            return Long.toString((long) value);
        }
        BigDecimal shortest = shortest(Math.abs(value));
        String digits = shortest.unscaledValue().toString();
        int point = digits.length() - shortest.scale();
        return (value < 0 ? "-" : "") + place(digits, point);
    }

    /** {@code 0.DIGITS × 10^point}. */
    private static String place(String digits, int point) {
        int count = digits.length();
        if (point > MOST_WHOLE || point <= MOST_ZEROS) {
            String fraction = count == 1 ? "" : "." + digits.substring(1);
            return digits.charAt(0) + fraction + (point > 0 ? "e+" : "e-") + Math.abs(point - 1);
        }
        if (point <= 0) {
            return "0." + "0".repeat(-point) + digits;
        }
        return point >= count
                ? digits + "0".repeat(point - count)
                : digits.substring(0, point) + "." + digits.substring(point);
    }

    /** Before JDK 19 {@link Double#toString} may give a digit too many, or not the nearest of several. */
    private static BigDecimal shortest(double value) {
        BigDecimal exact = new BigDecimal(value);
        BigDecimal best = new BigDecimal(Double.toString(value)).stripTrailingZeros();
        BigDecimal nearest = nearest(exact, value, best.precision());
        best = nearest == null ? best : nearest;
        for (int digits = best.precision() - 1; digits > 0; digits--) {
            BigDecimal shorter = nearest(exact, value, digits);
            if (shorter == null) {
                break;
            }
            best = shorter;
        }
        return best.stripTrailingZeros();
    }

    private static @Nullable BigDecimal nearest(BigDecimal exact, double value, int digits) {
        BigDecimal below = exact.round(new MathContext(digits, RoundingMode.DOWN));
        BigDecimal above = exact.round(new MathContext(digits, RoundingMode.UP));
        boolean belowReads = below.doubleValue() == value;
        boolean aboveReads = above.doubleValue() == value;
        if (belowReads && aboveReads) {
            return exact.subtract(below).compareTo(above.subtract(exact)) <= 0 ? below : above;
        }
        return belowReads ? below : aboveReads ? above : null;
    }
}
