package io.covey.cluster.rpc;

import java.lang.reflect.Method;
import org.slf4j.MDC;
import org.slf4j.helpers.BasicMDCAdapter;
import org.slf4j.spi.MDCAdapter;

/** A logger that keeps a log context, which the simple one of the tests does not, until it is closed. */
final class KeptLogContext implements AutoCloseable {
    private final MDCAdapter before = MDC.getMDCAdapter();

    KeptLogContext() {
        set(new BasicMDCAdapter());
    }

    private static void set(MDCAdapter adapter) {
        try {
            Method setter = MDC.class.getDeclaredMethod("setMDCAdapter", MDCAdapter.class);
            setter.setAccessible(true);
            setter.invoke(null, adapter);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        set(before);
    }
}
