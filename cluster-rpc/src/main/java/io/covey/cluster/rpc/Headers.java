package io.covey.cluster.rpc;

import io.covey.cluster.spi.Names;
import java.util.Map;

/** What travels with a call. */
final class Headers {
    private static final int MOST = 16;
    private static final int MOST_CHARACTERS = 4096;

    private Headers() {}

    /**
     * @throws IllegalArgumentException if they are too many or too long
     */
    static Map<String, String> checked(Map<String, String> headers) {
        int size = size(headers);
        if (headers.size() > MOST || size > MOST_CHARACTERS) {
            throw new IllegalArgumentException("A call carries at most " + MOST + " headers of together "
                    + MOST_CHARACTERS + " characters, were " + headers.size() + " of " + size);
        }
        for (String name : headers.keySet()) {
            Names.check("header", name);
        }
        return Map.copyOf(headers);
    }

    /** Those of a request; who sends too many has none. */
    static Map<String, String> received(Map<String, String> headers) {
        if (headers.isEmpty() || headers.size() > MOST || size(headers) > MOST_CHARACTERS) {
            return Map.of();
        }
        return Map.copyOf(headers);
    }

    private static int size(Map<String, String> headers) {
        int size = 0;
        for (Map.Entry<String, String> header : headers.entrySet()) {
            size += header.getKey().length() + header.getValue().length();
        }
        return size;
    }
}
