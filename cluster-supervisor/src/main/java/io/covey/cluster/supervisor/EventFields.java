package io.covey.cluster.supervisor;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** The parts of an event in the order in which they are written. */
final class EventFields {
    private EventFields() {}

    /** From name, value, name, value. */
    static Map<String, Object> of(Object... pairs) {
        Map<String, Object> fields = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            fields.put((String) pairs[i], pairs[i + 1]);
        }
        return Collections.unmodifiableMap(fields);
    }
}
