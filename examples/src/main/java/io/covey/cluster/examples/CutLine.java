package io.covey.cluster.examples;

import io.covey.cluster.TransportException;
import io.covey.cluster.spi.TaskBroker;
import io.covey.cluster.spi.Transport;
import io.covey.cluster.spi.TransportConfig;
import io.covey.cluster.spi.TransportProvider;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A node's way to its tasks that can be cut: nothing gets through, no beat either, and the node goes on with what it has. To
 * the others it is as if its process was stopped.
 */
final class CutLine {
    private final Transport real;
    private final TaskBroker tasks;
    private volatile boolean cut;

    CutLine(TransportConfig config) {
        real = ServiceLoader.load(TransportProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(provider -> provider.schemes().contains(config.scheme()))
                .findFirst()
                .orElseThrow()
                .open(config);
        tasks = real.tasks().orElseThrow();
    }

    void cut(boolean now) {
        cut = now;
    }

    Transport transport() {
        TaskBroker behind = proxy(TaskBroker.class, this::throughLine);
        return proxy(
                Transport.class,
                (method, args) -> method.getName().equals("tasks") ? Optional.of(behind) : call(real, method, args));
    }

    private Object throughLine(Method method, Object[] args) throws Throwable {
        return cut && method.getReturnType() == CompletionStage.class
                ? CompletableFuture.failedStage(new TransportException("the line is cut"))
                : call(tasks, method, args);
    }

    private static Object call(Object target, Method method, Object[] args) throws Throwable {
        try {
            return method.invoke(target, args);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private interface Answers {
        Object to(Method method, Object[] args) throws Throwable;
    }

    private static <T> T proxy(Class<T> type, Answers answers) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, args) -> answers.to(method, args)));
    }
}
