package io.covey.cluster.spring.cache;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.interceptor.SimpleKey;
import org.springframework.util.ReflectionUtils;

/**
 * Keys as text. A text, a number and the like is as it is; several arguments stand in parentheses with commas between
 * them, {@code (ada,7)}; what has no text of its own is refused; what is too long or has control characters is named by its
 * SHA-256. Two keys that differ have two texts, unless they print alike.
 */
final class CacheKeys {
    private static final int MOST_BYTES = 512;
    /** What Spring makes of several arguments prints {@code a,b} and {@code a} beside {@code b} alike. */
    private static final @Nullable Field PARAMETERS = ReflectionUtils.findField(SimpleKey.class, null, Object[].class);

    static {
        if (PARAMETERS != null) {
            ReflectionUtils.makeAccessible(PARAMETERS);
        }
    }

    private CacheKeys() {}

    static String of(Object key) {
        StringBuilder text = new StringBuilder();
        if (key instanceof CharSequence plain) {
            // As it is, but never as several arguments or a hash look.
            if (!plain.isEmpty() && (plain.charAt(0) == '(' || plain.charAt(0) == '\\')) {
                text.append('\\');
            }
            text.append(plain);
        } else {
            append(text, key);
        }
        return fit(text.toString());
    }

    private static String fit(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        boolean fits = bytes.length > 0
                && bytes.length <= MOST_BYTES
                && text.codePoints().noneMatch(Character::isISOControl)
                && text.codePoints().noneMatch(c -> Character.getType(c) == Character.SURROGATE);
        return fits ? text : "(sha256)" + HexFormat.of().formatHex(digest(bytes));
    }

    private static void append(StringBuilder text, @Nullable Object part) {
        if (part == null) {
            text.append("\\0");
        } else if (PARAMETERS != null
                && part instanceof SimpleKey several
                && ReflectionUtils.getField(PARAMETERS, several) instanceof Object[] parts) {
            appendAll(text, parts);
        } else if (part instanceof Collection<?> several) {
            appendAll(text, several.toArray());
        } else if (part.getClass().isArray()) {
            Object[] several = new Object[Array.getLength(part)];
            for (int i = 0; i < several.length; i++) {
                several[i] = Array.get(part, i);
            }
            appendAll(text, several);
        } else {
            escape(text, print(part));
        }
    }

    private static void appendAll(StringBuilder text, @Nullable Object[] parts) {
        text.append('(');
        for (int i = 0; i < parts.length; i++) {
            if (i > 0) {
                text.append(',');
            }
            append(text, parts[i]);
        }
        text.append(')');
    }

    private static void escape(StringBuilder text, String part) {
        for (int i = 0; i < part.length(); i++) {
            char c = part.charAt(i);
            if (c == '\\' || c == '(' || c == ')' || c == ',') {
                text.append('\\');
            }
            text.append(c);
        }
    }

    private static String print(Object part) {
        Method own = ReflectionUtils.findMethod(part.getClass(), "toString");
        if (own == null || own.getDeclaringClass() == Object.class) {
            throw new IllegalArgumentException(
                    "A " + part.getClass().getName() + " cannot be a key of a cache: it has no"
                            + " toString() of its own. Name what tells it from others: @Cacheable(key = \"#that.id\")");
        }
        return part.toString();
    }

    private static byte[] digest(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
