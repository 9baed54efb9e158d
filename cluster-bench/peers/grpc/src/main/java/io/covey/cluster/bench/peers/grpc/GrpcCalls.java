package io.covey.cluster.bench.peers.grpc;

import com.google.protobuf.StringValue;
import io.covey.cluster.bench.peers.MessagingContestant;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Unary calls of gRPC over a TCP connection of their own: no Redis between, nothing signed. */
public final class GrpcCalls implements MessagingContestant {
    private static final String HOST = "127.0.0.1";
    private static final long DEADLINE_SECONDS = 5;
    private static final MethodDescriptor<StringValue, StringValue> ECHO =
            MethodDescriptor.<StringValue, StringValue>newBuilder()
                    .setType(MethodDescriptor.MethodType.UNARY)
                    .setFullMethodName(MethodDescriptor.generateFullMethodName("match.Echo", "echo"))
                    .setRequestMarshaller(ProtoUtils.marshaller(StringValue.getDefaultInstance()))
                    .setResponseMarshaller(ProtoUtils.marshaller(StringValue.getDefaultInstance()))
                    .build();

    private @Nullable Server server;
    private @Nullable ManagedChannel channel;

    /** For the corner. */
    public GrpcCalls() {}

    @Override
    public void open(int port, String variant) {
        // It needs no Redis.
    }

    @Override
    public String serve() throws IOException {
        server = NettyServerBuilder.forAddress(new InetSocketAddress(HOST, 0))
                .addService(ServerServiceDefinition.builder("match.Echo")
                        .addMethod(
                                ECHO,
                                ServerCalls.asyncUnaryCall(
                                        (StringValue request, StreamObserver<StringValue> answer) -> {
                                            answer.onNext(request);
                                            answer.onCompleted();
                                        }))
                        .build())
                // As ours is declared: it never blocks.
                .directExecutor()
                .build()
                .start();
        return Integer.toString(server.getPort());
    }

    @Override
    public void meet(String peer) {
        channel = NettyChannelBuilder.forAddress(HOST, Integer.parseInt(peer))
                .usePlaintext()
                .build();
    }

    @Override
    public CompletableFuture<String> call(String argument) {
        CompletableFuture<String> answer = new CompletableFuture<>();
        ClientCalls.asyncUnaryCall(
                channel.newCall(ECHO, CallOptions.DEFAULT.withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS)),
                StringValue.of(argument),
                new StreamObserver<>() {
                    @Override
                    public void onNext(StringValue value) {
                        answer.complete(value.getValue());
                    }

                    @Override
                    public void onError(Throwable thrown) {
                        answer.completeExceptionally(thrown);
                    }

                    @Override
                    public void onCompleted() {
                        // It has answered before.
                    }
                });
        return answer;
    }

    @Override
    public void close() {
        if (channel != null) {
            channel.shutdownNow();
        }
        if (server != null) {
            server.shutdownNow();
        }
    }
}
