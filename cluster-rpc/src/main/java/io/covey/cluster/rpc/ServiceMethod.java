package io.covey.cluster.rpc;

import io.covey.cluster.Cluster;
import io.covey.cluster.Codec;
import io.covey.cluster.CodecException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A method of an annotated interface.
 *
 * @param procedure its procedure
 * @param returns what kind of result it has
 */
record ServiceMethod(Procedure<Object[], Object> procedure, Returns returns) {

    /** What a method returns. */
    enum Returns {
        NOTHING,
        VALUE,
        FUTURE,
        FUTURE_OF_NOTHING;

        boolean isFuture() {
            return this == FUTURE || this == FUTURE_OF_NOTHING;
        }

        boolean isNothing() {
            return this == NOTHING || this == FUTURE_OF_NOTHING;
        }
    }

    static ServiceMethod of(String service, RpcService defaults, Method method, Cluster cluster) {
        try {
            method.trySetAccessible();
            Type result = method.getGenericReturnType();
            Returns returns = returns(result);
            Type value = returns.isFuture() ? ((ParameterizedType) result).getActualTypeArguments()[0] : result;
            List<Codec<Object>> arguments = new ArrayList<>();
            for (Type parameter : method.getGenericParameterTypes()) {
                arguments.add(codec(cluster, parameter));
            }
            Codec<Object> answer = returns.isNothing() ? Nothing.CODEC : codec(cluster, value);
            RpcMethod own = method.getAnnotation(RpcMethod.class);
            String name = service + "." + (own == null || own.value().isEmpty() ? method.getName() : own.value());
            Procedure<Object[], Object> plain = Procedure.of(name, new ArgumentsCodec(arguments), answer)
                    .within(Duration.ofMillis(defaults.timeoutMillis()));
            return new ServiceMethod(own == null ? plain : declared(plain, own), returns);
        } catch (CodecException | IllegalArgumentException e) {
            throw new IllegalArgumentException(method + " cannot be called on another node: " + e.getMessage(), e);
        }
    }

    private static Procedure<Object[], Object> declared(Procedure<Object[], Object> plain, RpcMethod own) {
        Procedure<Object[], Object> declared = plain;
        if (own.timeoutMillis() != 0) {
            declared = declared.within(Duration.ofMillis(own.timeoutMillis()));
        }
        if (own.idempotent()) {
            declared = declared.idempotent();
        }
        if (own.nonBlocking()) {
            declared = declared.nonBlocking();
        }
        if (own.concurrency() != 0) {
            declared = declared.concurrency(own.concurrency());
        }
        return own.argumentUpTo() == 0 ? declared : declared.argumentUpTo(own.argumentUpTo());
    }

    private static Returns returns(Type type) {
        if (type == void.class) {
            return Returns.NOTHING;
        }
        if (type instanceof ParameterizedType of
                && (of.getRawType() == CompletableFuture.class || of.getRawType() == CompletionStage.class)) {
            return of.getActualTypeArguments()[0] == Void.class ? Returns.FUTURE_OF_NOTHING : Returns.FUTURE;
        }
        return Returns.VALUE;
    }

    @SuppressWarnings("unchecked")
    private static Codec<Object> codec(Cluster cluster, Type type) {
        return (Codec<Object>) cluster.codecOf(type);
    }
}
