package io.covey.cluster.dashboard;

/** What answers the requests for one path. */
@FunctionalInterface
interface Route {

    /** Blocks until the answer is known. */
    Answer answer(Request request, Session session) throws Exception;
}
