package io.covey.cluster.cli;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * SIGTERM and SIGINT, so that a process drains and then ends with status 0. By reflection, since the JDK's signals are no
 * part of its documented API; where they are missing, a shutdown hook does the same but for the status.
 */
final class Signals {

    private Signals() {}

    /** Runs an action at the first signal; the second ends the process at once. */
    static void onTermination(Runnable action) {
        AtomicBoolean second = new AtomicBoolean();
        Runnable signalled = () -> {
            if (second.getAndSet(true)) {
                Runtime.getRuntime().halt(1);
            }
            action.run();
        };
        try {
            handle("TERM", signalled);
            handle("INT", signalled);
        } catch (ReflectiveOperationException e) {
            Runtime.getRuntime().addShutdownHook(new Thread(action, "covey-cli-shutdown"));
        }
    }

    private static void handle(String name, Runnable action) throws ReflectiveOperationException {
        Class<?> signal = Class.forName("sun.misc.Signal");
        Class<?> handler = Class.forName("sun.misc.SignalHandler");
        Object proxy = Proxy.newProxyInstance(
                Signals.class.getClassLoader(), new Class<?>[] {handler}, (self, method, args) -> {
                    if (method.getDeclaringClass() == Object.class) {
                        return invokeObjectMethod(self, method, args);
                    }
                    action.run();
                    return null;
                });
        signal.getMethod("handle", signal, handler)
                .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
    }

    private static Object invokeObjectMethod(Object self, Method method, Object[] args) {
        return switch (method.getName()) {
            case "equals" -> self == args[0];
            case "hashCode" -> System.identityHashCode(self);
            default -> "covey signal handler";
        };
    }
}
