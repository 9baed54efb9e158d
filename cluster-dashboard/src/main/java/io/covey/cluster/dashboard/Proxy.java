package io.covey.cluster.dashboard;

/**
 * What stands in front.
 *
 * @param secure whether a proxy speaks TLS for us and says in {@code X-Forwarded-For} who asks
 */
record Proxy(boolean secure) {

    /** Who asks: with a proxy what it added last, to the line or as a line; anybody may have written what stands before. */
    String address(Request request) {
        return request.lastHeader("X-Forwarded-For")
                .filter(header -> secure)
                .map(header -> header.substring(header.lastIndexOf(',') + 1).strip())
                .filter(address -> !address.isEmpty() && address.length() <= 64)
                .orElseGet(request::address);
    }
}
