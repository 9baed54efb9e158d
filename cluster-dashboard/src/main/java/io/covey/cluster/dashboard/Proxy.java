package io.covey.cluster.dashboard;

/**
 * What stands in front.
 *
 * @param secure whether a proxy speaks TLS for us and says in {@code X-Forwarded-For} who asks
 */
record Proxy(boolean secure) {

    /** Who asks: with a proxy what it added last, since what stands before that anybody may have written. */
    String address(Request request) {
        return request.header("X-Forwarded-For")
                .filter(header -> secure)
                .map(header -> header.substring(header.lastIndexOf(',') + 1).strip())
                .filter(address -> !address.isEmpty() && address.length() <= 64)
                .orElseGet(request::address);
    }
}
