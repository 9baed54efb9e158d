package io.covey.cluster.redis;

import io.covey.cluster.CodecException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An entry of actionhero's cache, with all the fields that are in it in their order. */
final class ActionheroEntry {
    /** The last moment that JavaScript can tell, in ms. */
    private static final double LATEST = 8.64e15;

    private static final String VALUE = "value";
    private static final String EXPIRES = "expireTimestamp";
    private static final String CREATED = "createdAt";
    private static final String READ = "readAt";

    private final Map<String, @Nullable Object> fields;
    private final String where;

    private ActionheroEntry(Map<String, @Nullable Object> fields, String where) {
        this.fields = fields;
        this.where = where;
    }

    /**
     * @param ends ms, empty for never; only version 9 writes that
     */
    static byte[] bytes(ActionheroFormat format, @Nullable Object value, long now, Optional<Long> ends) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put(VALUE, value);
        if (format == ActionheroFormat.V9) {
            fields.put(EXPIRES, ends.map(ActionheroEntry::number).orElse(null));
        }
        fields.put(CREATED, number(now));
        if (format == ActionheroFormat.V9) {
            fields.put(READ, null);
        }
        return JsonWriter.canonical(fields);
    }

    @SuppressWarnings("unchecked")
    static ActionheroEntry read(byte[] bytes, String where) {
        try {
            Object tree = Json.read(bytes);
            if (tree instanceof Map<?, ?> && ((Map<String, Object>) tree).get(CREATED) instanceof Json.Num) {
                return new ActionheroEntry(new LinkedHashMap<>((Map<String, @Nullable Object>) tree), where);
            }
        } catch (Json.MalformedException e) {
            throw new CodecException(
                    where + ": these " + bytes.length + " bytes are no entry of actionhero's: " + e.getMessage(), e);
        }
        throw new CodecException(where + ": these " + bytes.length
                + " bytes are no entry of actionhero's: they are no JSON object with a number createdAt");
    }

    /** Null, too, where JavaScript saved undefined. */
    @Nullable
    Object value() {
        return fields.get(VALUE);
    }

    Instant created() {
        return time(CREATED).orElseThrow();
    }

    Optional<Instant> expires() {
        return time(EXPIRES);
    }

    Optional<Instant> read() {
        return time(READ);
    }

    /** As actionhero 9 sees it, whose entries all have the field. */
    boolean isOfVersion9() {
        return fields.containsKey(EXPIRES) && fields.containsKey(READ);
    }

    /**
     * As actionhero 9 writes it when it has read it.
     *
     * @param ends ms, if the entry is to end at another time
     */
    byte[] readAt(long now, Optional<Long> ends) {
        Map<String, @Nullable Object> changed = new LinkedHashMap<>(fields);
        ends.ifPresent(end -> changed.put(EXPIRES, number(end)));
        changed.put(READ, number(now));
        return JsonWriter.canonical(changed);
    }

    private Optional<Instant> time(String field) {
        if (!(fields.get(field) instanceof Json.Num number)) {
            return Optional.empty();
        }
        Optional<Instant> time = time(number);
        if (time.isEmpty()) {
            throw new CodecException(where + ": its " + field + " is no time of JavaScript's");
        }
        return time;
    }

    /** Empty if it is no time that JavaScript can tell. */
    static Optional<Instant> time(Json.Num number) {
        double millis = Double.parseDouble(number.digits());
        return Math.abs(millis) < LATEST ? Optional.of(Instant.ofEpochMilli((long) millis)) : Optional.empty();
    }

    private static Json.Num number(long number) {
        return new Json.Num(Long.toString(number));
    }
}
