package io.covey.cluster.rpc;

import io.covey.cluster.Registration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Several procedures that are served together. */
final class Serving {

    private Serving() {}

    /** A procedure with what answers it. */
    record Handled<Q, R>(Procedure<Q, R> procedure, AsyncRpcHandler<Q, R> handler) {
        Registration on(Rpc rpc) {
            return rpc.serveAsync(procedure, handler);
        }
    }

    /** All or none. */
    static Registration all(Rpc rpc, Collection<Handled<?, ?>> handled) {
        List<Registration> begun = new ArrayList<>();
        try {
            handled.forEach(one -> begun.add(one.on(rpc)));
        } catch (RuntimeException e) {
            begun.forEach(Registration::close);
            throw e;
        }
        return () -> begun.forEach(Registration::close);
    }
}
