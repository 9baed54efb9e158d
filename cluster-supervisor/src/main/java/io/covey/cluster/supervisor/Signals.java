package io.covey.cluster.supervisor;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Signals of the operating system. By reflection, since the JDK's signals are no part of its documented API.
 */
public final class Signals {
    private static final String OF_THE_JVM = "_JAVA_SR_SIGNUM";
    private static final int MOST_SIGNALS = 65;

    private Signals() {}

    /**
     * Has an action run at each signal of a name, on a thread of the JDK's. A signal that was ignored when the process
     * started, as {@code nohup} does with HUP, stays ignored.
     *
     * @param name such as {@code TERM} or {@code USR2}
     * @param action what is run
     * @return false if the runtime has no such signal, or uses it itself
     */
    public static boolean on(String name, Runnable action) {
        try {
            handle(name, action);
            return true;
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }

    /**
     * Whether USR2 may be used: HotSpot stops threads with it, to take samples of them (JFR), unless the variable
     * {@value #OF_THE_JVM} of the environment names another signal by its number.
     */
    static boolean isUsr2Free(Map<String, String> environment) {
        String other = environment.get(OF_THE_JVM);
        try {
            return other != null
                    && isTakenByTheJvm(Integer.parseInt(other))
                    && Integer.parseInt(other) != number("USR2");
        } catch (NumberFormatException | ReflectiveOperationException e) {
            return false;
        }
    }

    /** It goes on with USR2 where the number is none of these. */
    private static boolean isTakenByTheJvm(int number) throws ReflectiveOperationException {
        return number > Math.max(number("SEGV"), number("BUS")) && number < MOST_SIGNALS;
    }

    private static int number(String name) throws ReflectiveOperationException {
        Class<?> signal = Class.forName("sun.misc.Signal");
        return (int) signal.getMethod("getNumber")
                .invoke(signal.getConstructor(String.class).newInstance(name));
    }

    /**
     * Runs an action at the first SIGTERM or SIGINT, so that a process can drain and end with status 0; the second one ends
     * the process at once. Where the runtime has no signals a shutdown hook does the same but for the status.
     *
     * @param action what is run
     */
    public static void onTermination(Runnable action) {
        AtomicBoolean second = new AtomicBoolean();
        Runnable signalled = () -> {
            if (second.getAndSet(true)) {
                Runtime.getRuntime().halt(1);
            }
            action.run();
        };
        if (!on("TERM", signalled) || !on("INT", signalled)) {
            Runtime.getRuntime().addShutdownHook(new Thread(action, "covey-shutdown"));
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
