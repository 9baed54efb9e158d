package io.covey.cluster.rpc;

import io.covey.cluster.Cluster;
import io.covey.cluster.rpc.Serving.Handled;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The procedures of an annotated interface.
 *
 * @param methods by method; default and static ones are none
 */
record ServiceContract(Map<Method, ServiceMethod> methods) {

    static ServiceContract of(Class<?> service, Cluster cluster) {
        RpcService annotation = service.getAnnotation(RpcService.class);
        if (!service.isInterface() || annotation == null) {
            throw new IllegalArgumentException(
                    service.getName() + " is no interface that is annotated with @RpcService");
        }
        String name = annotation.value().isEmpty() ? service.getSimpleName() : annotation.value();
        Map<Method, ServiceMethod> methods = new LinkedHashMap<>();
        Map<String, Method> byName = new HashMap<>();
        for (Method method : service.getMethods()) {
            if (Modifier.isAbstract(method.getModifiers())) {
                ServiceMethod served = ServiceMethod.of(name, annotation, method, cluster);
                Method other = byName.put(served.procedure().name(), method);
                if (other != null) {
                    throw new IllegalArgumentException(other + " and " + method + " are both named "
                            + served.procedure().name() + ": name one of them by @RpcMethod");
                }
                methods.put(method, served);
            }
        }
        return new ServiceContract(methods);
    }

    List<Handled<?, ?>> handlers(Object implementation) {
        return methods.entrySet().stream()
                .<Handled<?, ?>>map(entry -> new Handled<>(
                        entry.getValue().procedure(),
                        (arguments, call) -> invoke(entry.getKey(), entry.getValue(), implementation, arguments)))
                .toList();
    }

    private static CompletionStage<Object> invoke(
            Method method, ServiceMethod served, Object implementation, Object[] arguments) throws Exception {
        try {
            return stage(served, method.invoke(implementation, arguments));
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw e.getCause() instanceof Exception thrown ? thrown : e;
        }
    }

    @SuppressWarnings("unchecked")
    private static @Nullable CompletionStage<Object> stage(ServiceMethod served, @Nullable Object returned) {
        return switch (served.returns()) {
            case NOTHING -> CompletableFuture.completedFuture(Nothing.NOTHING);
            case VALUE -> CompletableFuture.completedFuture(returned);
            case FUTURE -> (CompletionStage<Object>) returned;
            case FUTURE_OF_NOTHING ->
                returned == null ? null : ((CompletionStage<Object>) returned).thenApply(nothing -> Nothing.NOTHING);
        };
    }
}
