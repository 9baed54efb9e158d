package io.covey.cluster.rpc;

import io.covey.cluster.rpc.RpcException.Reason;
import io.covey.cluster.spi.Await;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** An annotated interface whose methods are calls. */
record ServiceProxy(Rpc rpc, Class<?> service, ServiceContract contract, Target target) implements InvocationHandler {
    private static final Object[] NONE = {};

    static <S> S of(Rpc rpc, Class<S> service, ServiceContract contract, Target target) {
        return service.cast(Proxy.newProxyInstance(
                service.getClassLoader(), new Class<?>[] {service}, new ServiceProxy(rpc, service, contract, target)));
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] given) throws Throwable {
        Object[] arguments = given == null ? NONE : given;
        ServiceMethod called = contract.methods().get(method);
        if (called == null) {
            return method.isDefault()
                    ? InvocationHandler.invokeDefault(proxy, method, arguments)
                    : ofObject(proxy, method, arguments);
        }
        CompletableFuture<Reply<Object>> call = rpc.call(target, called.procedure(), arguments);
        return switch (called.returns()) {
            case NOTHING -> {
                waitFor(call, called);
                yield null;
            }
            case VALUE -> waitFor(call, called);
            case FUTURE -> value(call, false);
            case FUTURE_OF_NOTHING -> value(call, true);
        };
    }

    /** Of the user's future: cancelling it cancels the call. */
    private static CompletableFuture<Object> value(CompletableFuture<Reply<Object>> call, boolean nothing) {
        CompletableFuture<Object> value = new CompletableFuture<>();
        call.whenComplete((reply, thrown) -> {
            if (thrown != null) {
                value.completeExceptionally(Await.unwrap(thrown));
            } else {
                value.complete(nothing ? null : reply.value());
            }
        });
        value.whenComplete((done, thrown) -> {
            if (value.isCancelled()) {
                call.cancel(true);
            }
        });
        return value;
    }

    private static Object waitFor(CompletableFuture<Reply<Object>> call, ServiceMethod called) {
        try {
            return call.get().value();
        } catch (InterruptedException e) {
            call.cancel(true);
            Thread.currentThread().interrupt();
            throw new RpcException(
                    Reason.CANCELLED,
                    "rpc " + called.procedure().name() + ": interrupted while waiting; the call was cancelled");
        } catch (ExecutionException e) {
            throw OneCall.runtime(e);
        }
    }

    private @Nullable Object ofObject(Object proxy, Method method, Object[] arguments) {
        return switch (method.getName()) {
            case "equals" -> proxy == arguments[0];
            case "hashCode" -> System.identityHashCode(proxy);
            default -> service.getSimpleName() + " of " + target;
        };
    }
}
