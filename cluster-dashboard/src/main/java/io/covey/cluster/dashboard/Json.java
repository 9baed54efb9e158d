package io.covey.cluster.dashboard;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Writes JSON that is harmless in a page too: whatever could end a script or a tag is escaped. */
final class Json {
    private static final String HEX = "0123456789abcdef";

    private Json() {}

    /** An object of names and values in turn. */
    static Map<String, @Nullable Object> object(@Nullable Object... namesAndValues) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            object.put((String) java.util.Objects.requireNonNull(namesAndValues[i]), namesAndValues[i + 1]);
        }
        return object;
    }

    static byte[] bytes(@Nullable Object value) {
        return text(value).getBytes(StandardCharsets.UTF_8);
    }

    static String text(@Nullable Object value) {
        StringBuilder json = new StringBuilder();
        write(json, value);
        return json.toString();
    }

    private static void write(StringBuilder json, @Nullable Object value) {
        if (value instanceof Optional<?> perhaps) {
            write(json, perhaps.orElse(null));
        } else if (value instanceof Map<?, ?> object) {
            char before = '{';
            for (Map.Entry<?, ?> entry : object.entrySet()) {
                json.append(before);
                quote(json, String.valueOf(entry.getKey()));
                json.append(':');
                write(json, entry.getValue());
                before = ',';
            }
            json.append(before == '{' ? "{}" : "}");
        } else if (value instanceof Collection<?> list) {
            char before = '[';
            for (Object item : list) {
                json.append(before);
                write(json, item);
                before = ',';
            }
            json.append(before == '[' ? "[]" : "]");
        } else if (value instanceof Double number) {
            json.append(Double.isFinite(number) ? Math.round(number * 1000) / 1000.0 : "null");
        } else if (value == null || value instanceof Number || value instanceof Boolean) {
            json.append(value);
        } else {
            quote(json, value.toString());
        }
    }

    private static void quote(StringBuilder json, String text) {
        json.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\n') {
                json.append("\\n");
            } else if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < ' ' || c == '<' || c == '>' || c == '&' || c == '\'' || c > '~') {
                json.append("\\u");
                for (int shift = 12; shift >= 0; shift -= 4) {
                    json.append(HEX.charAt(c >> shift & 0xF));
                }
            } else {
                json.append(c);
            }
        }
        json.append('"');
    }
}
