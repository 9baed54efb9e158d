package io.covey.cluster.core.local;

import io.covey.cluster.spi.TaskBroker;
import io.covey.cluster.spi.Transport;
import io.covey.cluster.tck.EnqueueAllContract;
import io.covey.cluster.tck.TransportHarness;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Optional;

/** What the contract asks of a transport that has no way to add to several queues: one whose broker leaves that to the SPI. */
final class OneQueueAtATimeTest extends EnqueueAllContract {

    @Override
    protected TransportHarness harness() {
        TransportHarness local = new LocalHarness();
        return proxy(TransportHarness.class, (proxy, method, args) -> {
            Object result = invoke(local, method, args);
            return result instanceof Transport transport ? narrow(transport) : result;
        });
    }

    @Override
    protected boolean addsToSeveralQueuesAtOnce() {
        return false;
    }

    private static Transport narrow(Transport transport) {
        return proxy(Transport.class, (proxy, method, args) -> {
            Object result = invoke(transport, method, args);
            return method.getName().equals("tasks") ? ((Optional<?>) result).map(OneQueueAtATimeTest::broker) : result;
        });
    }

    private static TaskBroker broker(Object local) {
        return proxy(
                TaskBroker.class,
                (proxy, method, args) -> method.getName().equals("enqueueAll")
                        ? InvocationHandler.invokeDefault(proxy, method, args)
                        : invoke(local, method, args));
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private static Object invoke(Object target, Method method, Object[] args) throws Throwable {
        try {
            return method.invoke(target, args);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
