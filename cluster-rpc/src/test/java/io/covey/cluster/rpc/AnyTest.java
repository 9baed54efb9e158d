package io.covey.cluster.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.Cluster;
import io.covey.cluster.Registration;
import io.covey.cluster.rpc.RpcException.Reason;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whom a call to any asks. */
class AnyTest {
    private static final Procedure<String, String> WHO = Procedure.of("who", String.class, String.class);
    private static final Procedure<String, String> OTHER = Procedure.of("other", String.class, String.class);

    private final Nodes nodes = new Nodes();
    private final List<Cluster> all = new ArrayList<>();

    @AfterEach
    void close() {
        nodes.close();
    }

    private void join(int count) {
        for (int i = 0; i < count; i++) {
            all.add(nodes.join("n" + i));
        }
    }

    private long refusals(Cluster asker) throws Exception {
        long refused = 0;
        for (BuiltIn.Stats stats :
                Nodes.get(Rpc.on(asker).callAll(BuiltIn.STATS, new byte[0])).values()) {
            refused += stats.refused();
        }
        return refused;
    }

    @Test
    void nodesThatAdvertiseTheProcedureAreAskedFirst() throws Exception {
        join(6);
        all.forEach(node -> Rpc.on(node).serve(OTHER, (argument, call) -> ""));
        Rpc.on(all.get(4)).serve(WHO, (argument, call) -> "4");
        Rpc asker = Rpc.on(all.get(0));
        Awaitility.await().atMost(Nodes.PATIENCE).until(() -> {
            long before = refusals(all.get(0));
            for (int i = 0; i < 20; i++) {
                assertThat(Nodes.get(asker.call(Target.any(), WHO, "")).value()).isEqualTo("4");
            }
            return refusals(all.get(0)) == before;
        });
    }

    @Test
    void aNodeThatJustBeganToServeIsFoundAndOneThatEndedIsNotAsked() throws Exception {
        join(3);
        Rpc asker = Rpc.on(all.get(0));
        Registration first = Rpc.on(all.get(1)).serve(WHO, (argument, call) -> "1");
        assertThat(Nodes.get(asker.call(Target.any(), WHO, "")).value()).isEqualTo("1");
        first.close();
        Rpc.on(all.get(2)).serve(WHO, (argument, call) -> "2");
        assertThat(Nodes.get(asker.call(Target.any(), WHO, "")).value()).isEqualTo("2");
    }

    @Test
    void everyNodeThatServesGetsItsShare() throws Exception {
        join(3);
        all.forEach(
                node -> Rpc.on(node).serve(WHO, (argument, call) -> node.self().name()));
        Set<String> seen = new HashSet<>();
        Awaitility.await().atMost(Nodes.PATIENCE).until(() -> {
            seen.add(Nodes.get(Rpc.on(all.get(0)).call(Target.any(), WHO, "")).value());
            return seen.size() == 3;
        });
    }

    @Test
    void whatNobodyServesEndsWithThatReason() {
        join(3);
        Nodes.failure(Rpc.on(all.get(0)).call(Target.any(), WHO, ""), Reason.UNKNOWN_PROCEDURE);
    }

    @Test
    void everyNodeAnswersACallToAll() throws Exception {
        join(8);
        Replies<String> replies = Nodes.get(Rpc.on(all.get(7)).callAll(BuiltIn.PING, new byte[0]));
        assertThat(replies.expected()).hasSize(8);
        assertThat(replies.answers()).hasSize(8);
        assertThat(replies.first().value()).isEqualTo("pong");
    }
}
