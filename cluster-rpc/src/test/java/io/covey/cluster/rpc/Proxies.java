package io.covey.cluster.rpc;

import io.covey.cluster.spi.Transport;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Optional;
import java.util.concurrent.Callable;

/** Parts of a transport that do what a test wants, by their interfaces. */
final class Proxies {
    private Proxies() {}

    interface Change {
        Object of(Method method, Object[] arguments, Callable<Object> real) throws Exception;
    }

    /** A transport whose part of a name is another. */
    static Transport with(Transport transport, String part, Object other) {
        return of(
                Transport.class,
                transport,
                (method, arguments, real) -> method.getName().equals(part) ? Optional.of(other) : real.call());
    }

    static <T> T of(Class<T> type, T real, Change change) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (self, method, arguments) -> change.of(method, arguments, () -> invoke(real, method, arguments))));
    }

    private static Object invoke(Object real, Method method, Object[] arguments) throws Exception {
        try {
            return method.invoke(real, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }
}
