package io.covey.cluster.rpc;

import com.google.protobuf.BlockingRpcChannel;
import com.google.protobuf.BlockingService;
import com.google.protobuf.DescriptorProtos.MethodOptions.IdempotencyLevel;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Internal;
import com.google.protobuf.Message;
import com.google.protobuf.ServiceException;
import io.covey.cluster.Registration;
import io.covey.cluster.rpc.Serving.Handled;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/**
 * A {@code service} of a {@code .proto} file, by its descriptor at run time: each method is a procedure named
 * {@code package.Service/Method}, as in gRPC. No plugin of protoc is needed; the descriptor is in every generated file
 * class, or read from a descriptor set. A method whose {@code idempotency_level} says so is
 * {@linkplain Procedure#idempotent() idempotent}. Streaming methods are refused.
 */
public final class ProtobufService {
    private final ServiceDescriptor descriptor;

    private ProtobufService(ServiceDescriptor descriptor) {
        this.descriptor = descriptor;
    }

    /**
     * A service.
     *
     * @param descriptor of the service
     * @return its procedures
     */
    public static ProtobufService of(ServiceDescriptor descriptor) {
        return new ProtobufService(descriptor);
    }

    /**
     * A method with messages of generated classes.
     *
     * @param <Q> the class of the request
     * @param <R> the class of the response
     * @param method the name of the method
     * @param request the class of the request
     * @param response the class of the response
     * @return its procedure, with a timeout of 5 seconds
     * @throws IllegalArgumentException if there is no such method, it streams, or its messages are others
     */
    public <Q extends Message, R extends Message> Procedure<Q, R> procedure(
            String method, Class<Q> request, Class<R> response) {
        return typed(method(method), Internal.getDefaultInstance(request), Internal.getDefaultInstance(response));
    }

    /**
     * A method with messages by their descriptors.
     *
     * @param method the name of the method
     * @return its procedure, with a timeout of 5 seconds; takes any message of the request's type
     * @throws IllegalArgumentException if there is no such method, or it streams
     */
    public Procedure<Message, Message> procedure(String method) {
        MethodDescriptor found = method(method);
        return typed(
                found,
                DynamicMessage.getDefaultInstance(found.getInputType()),
                DynamicMessage.getDefaultInstance(found.getOutputType()));
    }

    /**
     * Serves every method, all or none.
     *
     * @param rpc the node
     * @param handlers by the name of the method; their requests are {@link DynamicMessage}s
     * @return ends it
     * @throws IllegalArgumentException if a method has no handler, a handler no method, or a method streams
     * @throws IllegalStateException if the node serves one of them already
     */
    public Registration serve(Rpc rpc, Map<String, ? extends RpcHandler<Message, ? extends Message>> handlers) {
        Set<String> methods = descriptor.getMethods().stream()
                .map(MethodDescriptor::getName)
                .collect(Collectors.toCollection(TreeSet::new));
        if (!methods.equals(handlers.keySet())) {
            throw new IllegalArgumentException("Service " + descriptor.getFullName() + " has the methods " + methods
                    + ", and there are handlers for " + new TreeSet<>(handlers.keySet()));
        }
        List<Handled<?, ?>> handled = new ArrayList<>();
        for (String method : methods) {
            handled.add(new Handled<>(procedure(method), new Immediate<Message, Message>(handlers.get(method))));
        }
        return Serving.all(rpc, handled);
    }

    /**
     * Serves a service that protoc generated with {@code java_generic_services}.
     *
     * @param rpc the node
     * @param service answers; a message of the {@link ServiceException} that it throws reaches the caller
     * @return ends it
     * @throws IllegalArgumentException if a method streams
     * @throws IllegalStateException if the node serves one of its methods already
     */
    public static Registration serve(Rpc rpc, BlockingService service) {
        ProtobufService own = of(service.getDescriptorForType());
        List<Handled<?, ?>> handled = new ArrayList<>();
        for (MethodDescriptor method : own.descriptor.getMethods()) {
            Procedure<Message, Message> procedure = typed(
                    own.method(method.getName()),
                    service.getRequestPrototype(method),
                    service.getResponsePrototype(method));
            handled.add(new Handled<>(
                    procedure,
                    new Immediate<Message, Message>((argument, call) ->
                            service.callBlockingMethod(method, new CallController(call), argument))));
        }
        return Serving.all(rpc, handled);
    }

    /**
     * A channel for the blocking stubs that protoc generates with {@code java_generic_services}. Stubs throw a
     * {@link ServiceException} whose cause is the {@link RpcException}.
     *
     * @param rpc the node
     * @param target whom each call is for
     * @return the channel
     */
    public static BlockingRpcChannel channel(Rpc rpc, Target target) {
        return (method, controller, request, prototype) -> {
            CompletableFuture<Reply<Message>> call =
                    rpc.call(target, typed(checked(method), request.getDefaultInstanceForType(), prototype), request);
            try {
                return call.get().value();
            } catch (InterruptedException e) {
                call.cancel(true);
                Thread.currentThread().interrupt();
                throw new ServiceException("interrupted while waiting for " + method.getFullName(), e);
            } catch (java.util.concurrent.ExecutionException e) {
                throw new ServiceException(e.getCause().getMessage(), e.getCause());
            }
        };
    }

    private MethodDescriptor method(String name) {
        MethodDescriptor found = descriptor.findMethodByName(name);
        if (found == null) {
            throw new IllegalArgumentException("Service " + descriptor.getFullName() + " has no method " + name);
        }
        return checked(found);
    }

    private static MethodDescriptor checked(MethodDescriptor method) {
        if (method.isClientStreaming() || method.isServerStreaming()) {
            throw new IllegalArgumentException(
                    "Method " + method.getFullName() + " streams, and a call has one request and one response");
        }
        return method;
    }

    private static <Q extends Message, R extends Message> Procedure<Q, R> typed(
            MethodDescriptor method, Q request, R response) {
        check(method, method.getInputType(), request);
        check(method, method.getOutputType(), response);
        Procedure<Q, R> procedure = Procedure.of(
                method.getService().getFullName() + "/" + method.getName(),
                new MessageCodec<>(request),
                new MessageCodec<>(response));
        return method.getOptions().getIdempotencyLevel() == IdempotencyLevel.IDEMPOTENCY_UNKNOWN
                ? procedure
                : procedure.idempotent();
    }

    private static void check(MethodDescriptor method, Descriptor declared, Message given) {
        String name = given.getDescriptorForType().getFullName();
        if (!name.equals(declared.getFullName())) {
            throw new IllegalArgumentException(
                    "Method " + method.getFullName() + " has a " + declared.getFullName() + ", not a " + name);
        }
    }
}
