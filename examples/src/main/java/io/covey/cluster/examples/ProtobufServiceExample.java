package io.covey.cluster.examples;

import com.google.protobuf.Int32Value;
import com.google.protobuf.StringValue;
import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterConfig;
import io.covey.cluster.examples.proto.TextProto;
import io.covey.cluster.rpc.Procedure;
import io.covey.cluster.rpc.ProtobufService;
import io.covey.cluster.rpc.Rpc;
import io.covey.cluster.rpc.Target;
import java.io.PrintStream;

/** A service of a .proto file, without a plugin of protoc. Needs COVEY_TOKEN unless local. */
public final class ProtobufServiceExample {
    static final ProtobufService TEXT =
            ProtobufService.of(TextProto.getDescriptor().findServiceByName("Text"));
    static final Procedure<StringValue, Int32Value> COUNT =
            TEXT.procedure("Count", StringValue.class, Int32Value.class);

    public static void main(String[] args) throws Exception {
        run(ClusterConfig.builder(args.length > 0 ? args[0] : "local:"), System.out);
    }

    static void run(ClusterConfig.Builder config, PrintStream out) throws Exception {
        try (Cluster here = Cluster.join(config.name("here").build());
                Cluster there = Cluster.join(config.name("there").build())) {
            Rpc.on(there)
                    .serve(COUNT, (text, call) -> Int32Value.of(text.getValue().split(" ").length));
            here.members().refresh();

            out.println(COUNT.name() + ", idempotent: " + COUNT.isIdempotent());
            Int32Value words = Rpc.on(here)
                    .call(Target.node(there.self().id()), COUNT, StringValue.of("to be or not"))
                    .get()
                    .value();
            out.println("words: " + words.getValue());
        }
    }

    private ProtobufServiceExample() {}
}
