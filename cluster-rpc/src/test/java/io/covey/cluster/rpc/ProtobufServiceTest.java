package io.covey.cluster.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.BlockingService;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.MethodDescriptorProto;
import com.google.protobuf.DescriptorProtos.MethodOptions;
import com.google.protobuf.DescriptorProtos.MethodOptions.IdempotencyLevel;
import com.google.protobuf.DescriptorProtos.ServiceDescriptorProto;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Int32Value;
import com.google.protobuf.Message;
import com.google.protobuf.RpcController;
import com.google.protobuf.ServiceException;
import com.google.protobuf.StringValue;
import com.google.protobuf.WrappersProto;
import io.covey.cluster.Cluster;
import io.covey.cluster.rpc.RpcException.Reason;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Services by their descriptors, as read at run time. */
class ProtobufServiceTest {
    private final Nodes nodes = new Nodes();
    private final Cluster a = nodes.join("a");
    private final Cluster b = nodes.join("b");

    @AfterEach
    void close() {
        nodes.close();
    }

    private static MethodDescriptorProto.Builder method(String name, IdempotencyLevel level) {
        return MethodDescriptorProto.newBuilder()
                .setName(name)
                .setInputType(".google.protobuf.StringValue")
                .setOutputType(".google.protobuf.Int32Value")
                .setOptions(MethodOptions.newBuilder().setIdempotencyLevel(level));
    }

    private static ServiceDescriptor descriptor(MethodDescriptorProto.Builder... more) {
        ServiceDescriptorProto.Builder service = ServiceDescriptorProto.newBuilder()
                .setName("Words")
                .addMethod(method("Count", IdempotencyLevel.NO_SIDE_EFFECTS))
                .addMethod(method("Learn", IdempotencyLevel.IDEMPOTENCY_UNKNOWN));
        for (MethodDescriptorProto.Builder method : more) {
            service.addMethod(method);
        }
        FileDescriptorProto file = FileDescriptorProto.newBuilder()
                .setName("words.proto")
                .setPackage("test.text")
                .setSyntax("proto3")
                .addDependency("google/protobuf/wrappers.proto")
                .addService(service)
                .build();
        try {
            return FileDescriptor.buildFrom(file, new FileDescriptor[] {WrappersProto.getDescriptor()})
                    .findServiceByName("Words");
        } catch (DescriptorValidationException e) {
            throw new AssertionError(e);
        }
    }

    private static String text(Message request) {
        return (String) request.getField(request.getDescriptorForType().findFieldByName("value"));
    }

    private static Message words(Message request) {
        return Int32Value.of(text(request).split(" ").length);
    }

    @Test
    void methodsAreServedByDescriptorAndCalledWithGeneratedMessages() throws Exception {
        ProtobufService words = ProtobufService.of(descriptor());
        words.serve(
                Rpc.on(b),
                Map.of("Count", (request, call) -> words(request), "Learn", (request, call) -> words(request)));
        Procedure<StringValue, Int32Value> count = words.procedure("Count", StringValue.class, Int32Value.class);
        assertThat(count.name()).isEqualTo("test.text.Words/Count");
        assertThat(Nodes.get(Rpc.on(a).call(Target.any(), count, StringValue.of("a b c")))
                        .value())
                .isEqualTo(Int32Value.of(3));
    }

    @Test
    void methodsAreCalledByDescriptorAlone() throws Exception {
        ProtobufService words = ProtobufService.of(descriptor());
        Rpc.on(b)
                .serve(
                        words.procedure("Learn", StringValue.class, Int32Value.class),
                        (request, call) -> Int32Value.of(request.getValue().length()));
        Procedure<Message, Message> learn = words.procedure("Learn");
        MethodDescriptor method = descriptor().findMethodByName("Learn");
        Message request = DynamicMessage.newBuilder(method.getInputType())
                .setField(method.getInputType().findFieldByName("value"), "four")
                .build();
        Message response =
                Nodes.get(Rpc.on(a).call(Nodes.at(b), learn, request)).value();
        assertThat(response.getField(response.getDescriptorForType().findFieldByName("value")))
                .isEqualTo(4);
        assertThatThrownBy(() -> Nodes.get(Rpc.on(a).call(Nodes.at(b), learn, Int32Value.of(1))))
                .hasMessageContaining("cannot write a google.protobuf.Int32Value");
    }

    @Test
    void theIdempotencyLevelOfAMethodCounts() {
        ProtobufService words = ProtobufService.of(descriptor());
        assertThat(words.procedure("Count").isIdempotent()).isTrue();
        assertThat(words.procedure("Learn").isIdempotent()).isFalse();
    }

    @Test
    void whatDoesNotFitTheDescriptorIsRefusedByName() {
        ProtobufService words = ProtobufService.of(
                descriptor(method("Stream", IdempotencyLevel.IDEMPOTENT).setServerStreaming(true)));
        assertThatThrownBy(() -> words.procedure("Forget")).hasMessageContaining("Words has no method Forget");
        assertThatThrownBy(() -> words.procedure("Stream")).hasMessageContaining("streams");
        assertThatThrownBy(() -> words.procedure("Count", Int32Value.class, Int32Value.class))
                .hasMessageContaining("google.protobuf.StringValue");
        assertThatThrownBy(() -> words.serve(Rpc.on(a), Map.of("Count", (request, call) -> request)))
                .hasMessageContaining("[Count, Learn, Stream]");
    }

    /** As protoc generates them. */
    private static final class Generated implements BlockingService {
        @Override
        public ServiceDescriptor getDescriptorForType() {
            return descriptor();
        }

        @Override
        public Message callBlockingMethod(MethodDescriptor method, RpcController controller, Message request)
                throws ServiceException {
            if (method.getName().equals("Learn")) {
                throw new ServiceException("too old");
            }
            return words(request);
        }

        @Override
        public Message getRequestPrototype(MethodDescriptor method) {
            return StringValue.getDefaultInstance();
        }

        @Override
        public Message getResponsePrototype(MethodDescriptor method) {
            return Int32Value.getDefaultInstance();
        }
    }

    @Test
    void generatedServicesAreServedAndCalledThroughTheirStubs() throws Exception {
        ProtobufService.serve(Rpc.on(b), new Generated());
        var channel = ProtobufService.channel(Rpc.on(a), Nodes.at(b));
        assertThat(channel.callBlockingMethod(
                        descriptor().findMethodByName("Count"),
                        null,
                        StringValue.of("a b"),
                        Int32Value.getDefaultInstance()))
                .isEqualTo(Int32Value.of(2));
        assertThatThrownBy(() -> channel.callBlockingMethod(
                        descriptor().findMethodByName("Learn"),
                        null,
                        StringValue.of("a b"),
                        Int32Value.getDefaultInstance()))
                .isInstanceOf(ServiceException.class)
                .hasMessageContaining("too old")
                .cause()
                .isInstanceOfSatisfying(
                        RpcException.class, e -> assertThat(e.reason()).isEqualTo(Reason.FAILED));
    }
}
