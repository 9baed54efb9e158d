package io.covey.cluster.rpc;

import org.slf4j.MDC;
import org.slf4j.helpers.NOPMDCAdapter;
import org.slf4j.spi.MDCAdapter;

/** Names the call in what its handler logs. A handler that calls another of its node has its own back afterwards. */
final class LogContext {
    static final String PROCEDURE = "procedure";
    static final String CALL = "callId";
    static final String CALLER = "caller";

    private LogContext() {}

    /** Whether the logger keeps what it is given. */
    static boolean isKept() {
        MDCAdapter adapter = MDC.getMDCAdapter();
        return adapter != null && !(adapter instanceof NOPMDCAdapter);
    }

    static void put(CallContext call) {
        MDC.put(PROCEDURE, call.procedure());
        MDC.put(CALL, call.id());
        MDC.put(CALLER, call.caller());
    }

    static void clear() {
        MDC.remove(PROCEDURE);
        MDC.remove(CALL);
        MDC.remove(CALLER);
    }
}
