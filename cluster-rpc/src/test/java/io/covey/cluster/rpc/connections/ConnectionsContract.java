package io.covey.cluster.rpc.connections;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.covey.cluster.Cluster;
import io.covey.cluster.rpc.Procedure;
import io.covey.cluster.rpc.Reply;
import io.covey.cluster.rpc.Rpc;
import io.covey.cluster.rpc.RpcException;
import io.covey.cluster.rpc.RpcException.Reason;
import io.covey.cluster.rpc.Target;
import io.covey.cluster.rpc.wire.ConnectionAnswer;
import io.covey.cluster.rpc.wire.ConnectionCall;
import io.covey.cluster.spi.Await;
import io.covey.cluster.spi.Directory;
import io.covey.cluster.tck.NodeContract;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@link Connections} promises, whatever the messages travel by. */
public abstract class ConnectionsContract extends NodeContract {
    private static final Procedure<String, Boolean> RENAME = Procedure.of("rename", String.class, Boolean.class);
    private static final Procedure<Integer, Integer> HALVE = Procedure.of("halve", Integer.class, Integer.class);

    private Cluster one;
    private Cluster two;

    @BeforeEach
    final void joinNodes() {
        one = serving("one");
        two = serving("two");
    }

    private Cluster serving(String name) {
        Cluster node = join(name);
        Connections.on(node);
        return node;
    }

    private static void fails(Reason reason, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        RpcException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }

    @Test
    final void aVerbRunsOnTheNodeThatHoldsTheConnectionWhereverTheCallerIs() throws Exception {
        List<String> names = new CopyOnWriteArrayList<>();
        Verbs verbs = Verbs.none()
                .on(RENAME, (connection, name) -> names.add(connection.id() + " is " + name))
                .on(HALVE, (connection, number) -> number / 2);
        Connections.on(two).open("abc", Map.of(), verbs);
        assertThat(Connections.on(one).apply("abc", RENAME, "ada").get()).isTrue();
        assertThat(Connections.on(two).apply("abc", RENAME, "bob").get()).isTrue();
        assertThat(Connections.on(one).apply("abc", HALVE, 42).get()).isEqualTo(21);
        assertThat(names).containsExactly("abc is ada", "abc is bob");
    }

    @Test
    final void nothingCanBeCalledThatIsNotAVerb() {
        Connections.on(two).open("abc", Map.of(), Verbs.none().on(HALVE, (connection, number) -> number / 2));
        Connections calls = Connections.on(one);
        for (String name : List.of("close", "getClass", "shutdown", "send", "java.lang.Runtime.exec")) {
            fails(
                    Reason.UNKNOWN_PROCEDURE,
                    () -> calls.apply("abc", Procedure.of(name, String.class, String.class), "")
                            .get());
        }
        fails(
                Reason.BAD_ARGUMENT,
                () -> calls.apply("abc", Procedure.of("halve", String.class, Integer.class), "x")
                        .get());
        fails(
                Reason.FAILED,
                () -> calls.apply("abc", Procedure.of("halve", Integer.class, List.class), 4)
                        .get());
        assertThatThrownBy(() -> Verbs.none()
                        .on(HALVE, (connection, number) -> number)
                        .on(HALVE, (connection, number) -> number))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("halve");
    }

    @Test
    final void aConnectionThatNobodyHoldsIsAnErrorAtOnce() {
        Procedure<String, Boolean> patient = RENAME.within(Duration.ofHours(1));
        fails(
                Reason.NO_NODE,
                () -> Connections.on(one).apply("nobody", patient, "x").get());
        Connection connection = Connections.on(two).open("abc", Map.of(), Verbs.none());
        connection.close();
        connection.close();
        assertThat(connection.isOpen()).isFalse();
        assertThatThrownBy(() -> connection.update(Map.of())).isInstanceOf(IllegalStateException.class);
        fails(
                Reason.NO_NODE,
                () -> Connections.on(one).apply("abc", patient, "x").get());
        fails(Reason.NO_NODE, () -> Connections.on(one).send("abc", "x").get());
    }

    @Test
    final void aVerbThatThrowsTellsItsCallerTypeAndMessage() {
        Connections.on(two).open("abc", Map.of(), Verbs.none().on(RENAME, (connection, name) -> {
            throw new IllegalArgumentException("no such name: " + name);
        }));
        assertThatThrownBy(() -> Connections.on(one).apply("abc", RENAME, "x").get())
                .hasMessageContaining("java.lang.IllegalArgumentException: no such name: x");
    }

    @Test
    final void messagesToAConnectionArriveInOrder() throws Exception {
        List<Integer> taken = new CopyOnWriteArrayList<>();
        Connections.on(two)
                .open("abc", Map.of(), Verbs.none().messages(Integer.class, (connection, number) -> taken.add(number)));
        List<CompletableFuture<Void>> sent = new ArrayList<>();
        List<Integer> numbers = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            numbers.add(i);
            sent.add(Connections.on(one).send("abc", i));
        }
        for (CompletableFuture<Void> one : sent) {
            one.get();
        }
        assertThat(taken).isEqualTo(numbers);
    }

    @Test
    final void othersSeeWhereAConnectionIsAndWhatItsHolderSaysOfIt() {
        Connections there = Connections.on(one);
        Connection connection = Connections.on(two).open("abc", Map.of("user", "ada"), Verbs.none());
        ConnectionInfo info = there.find("abc").orElseThrow();
        assertThat(info.id()).isEqualTo("abc");
        assertThat(info.node()).isEqualTo(two.self());
        assertThat(info.metadata()).containsExactly(Map.entry("user", "ada"));
        connection.update(Map.of("user", "bob"));
        assertThat(there.find("abc").orElseThrow().metadata()).containsExactly(Map.entry("user", "bob"));
        assertThat(connection.metadata()).containsExactly(Map.entry("user", "bob"));
        connection.close();
        assertThat(there.find("abc")).isEmpty();
    }

    @Test
    final void connectionsAreListedAndCounted() {
        for (int i = 0; i < 600; i++) {
            Connections.on(i % 2 == 0 ? one : two).open("c" + i, Map.of("n", "" + i), Verbs.none());
        }
        assertThat(Connections.on(one).count()).isEqualTo(600);
        List<ConnectionInfo> all = Connections.on(two).list().toList();
        assertThat(all)
                .hasSize(600)
                .allMatch(info -> info.id().equals("c" + info.metadata().get("n")));
        assertThat(all.stream().map(ConnectionInfo::id).distinct()).hasSize(600);
        assertThat(Connections.on(two).list().limit(3)).hasSize(3);
    }

    @Test
    final void theLaterOfTwoOfTheSameIdWins() throws Exception {
        Verbs first = Verbs.none().on(HALVE, (connection, number) -> 1);
        Verbs second = Verbs.none().on(HALVE, (connection, number) -> 2);
        Connection older = Connections.on(two).open("abc", Map.of(), first);
        Connection newer = Connections.on(two).open("abc", Map.of(), second);
        assertThat(older.isOpen()).isFalse();
        assertThat(newer.isOpen()).isTrue();
        assertThat(Connections.on(one).apply("abc", HALVE, 0).get()).isEqualTo(2);
        Connection elsewhere = Connections.on(one).open("abc", Map.of(), first);
        assertThat(Connections.on(two).apply("abc", HALVE, 0).get()).isEqualTo(1);
        newer.close();
        assertThat(Connections.on(two).find("abc").orElseThrow().node()).isEqualTo(one.self());
        elsewhere.close();
        assertThat(Connections.on(two).count()).isZero();
    }

    @Test
    final void aConnectionThatAnotherNodeTookOverIsClosedWhereItWas() {
        Connection older = Connections.on(two).open("abc", Map.of(), Verbs.none());
        Connection newer = Connections.on(one).open("abc", Map.of("user", "ada"), Verbs.none());
        eventually().until(() -> !older.isOpen());
        assertThat(newer.isOpen()).isTrue();
        ConnectionInfo found = Connections.on(two).find("abc").orElseThrow();
        assertThat(found.node()).isEqualTo(one.self());
        assertThat(found.metadata()).containsEntry("user", "ada");
    }

    @Test
    final void anUpdateOfAConnectionThatWasTakenOverTakesNothingBack() {
        Connection connection = Connections.on(two).open("abc", Map.of(), Verbs.none());
        one.owners().hold(ConnectionNode.KIND, "abc", Map.of()); // nobody tells
        assertThatThrownBy(() -> connection.update(Map.of("user", "ada"))).isInstanceOf(IllegalStateException.class);
        assertThat(connection.isOpen()).isFalse();
        assertThat(Connections.on(two).find("abc").orElseThrow().node()).isEqualTo(one.self());
    }

    @Test
    final void ofTwoThatAreOpenedAtOnceOneIsOpenAndFound() throws Exception {
        Connections here = Connections.on(two);
        for (int i = 0; i < 100; i++) {
            String id = "c" + i;
            CompletableFuture<Connection> other =
                    CompletableFuture.supplyAsync(() -> here.open(id, Map.of(), Verbs.none()));
            Connection mine = here.open(id, Map.of(), Verbs.none());
            assertThat(other.get().isOpen()).isNotEqualTo(mine.isOpen());
            assertThat(here.find(id)).isPresent();
        }
    }

    @Test
    final void aMessageDoesNotOvertakeOneOfTheSameSenderThatIsStillBeingTaken() throws Exception {
        Semaphore begun = new Semaphore(0);
        Semaphore end = new Semaphore(0);
        Connections.on(two).open("abc", Map.of(), Verbs.none().messages(String.class, (connection, text) -> {
            begun.release();
            end.acquireUninterruptibly();
        }));
        ConnectionCall message = ConnectionCall.newBuilder()
                .setConnection("abc")
                .setVerb(Verbs.SEND)
                .setArgument(ByteString.copyFromUtf8("x"))
                .build();
        Target holder = Target.node(two.self().id());
        CompletableFuture<Reply<ConnectionAnswer>> first =
                Rpc.on(one).call(holder, ConnectionNode.APPLY.within(PATIENCE), message);
        begun.acquire();
        assertThat(Rpc.on(one)
                        .call(holder, ConnectionNode.APPLY.within(PATIENCE), message)
                        .get()
                        .value()
                        .getCode())
                .isEqualTo(ConnectionAnswer.Code.BUSY);
        fails(Reason.BUSY, () -> Connections.on(one).send("abc", "y").get());
        end.release(10);
        assertThat(first.get().value().getCode()).isEqualTo(ConnectionAnswer.Code.DONE);
        Connections.on(one).send("abc", "z").get();
    }

    @Test
    final void connectionsAreReachedAgainWhenTheCallsOfTheirNodeWereClosedAndOpened() throws Exception {
        Connections.on(two).open("abc", Map.of(), Verbs.none().on(HALVE, (connection, number) -> number / 2));
        Rpc.on(two).close();
        assertThat(Connections.on(two).apply("abc", HALVE, 42).get()).isEqualTo(21);
        eventually()
                .ignoreExceptions()
                .until(() -> Connections.on(one).apply("abc", HALVE, 42).get() == 21);
    }

    @Test
    final void connectionsAreThereAgainAfterTheBackendLostItsMemory() throws Exception {
        Connections.on(two).open("abc", Map.of("user", "ada"), Verbs.none().on(HALVE, (connection, number) -> number));
        Directory directory = two.transport().directory().orElseThrow();
        eventually().until(() -> {
            Await.on(directory.bury(two.self().id(), true), PATIENCE, "bury");
            two.members().refresh();
            return Connections.on(one).find("abc").isPresent();
        });
        eventually().until(() -> one.members().find(two.self().id()).isPresent());
        assertThat(Connections.on(one).apply("abc", HALVE, 7).get()).isEqualTo(7);
    }

    @Test
    final void whoCallsAConnectionWhoseHolderWasKilledKnowsLongBeforeTheTimeoutAndBeforeTheDeath() {
        Cluster victim = join("victim", settings -> settings.beat(Duration.ofMinutes(1)));
        Procedure<Integer, Integer> patient = HALVE.within(Duration.ofHours(1));
        Connections.on(victim).open("abc", Map.of(), Verbs.none().on(patient, (connection, number) -> number / 2));
        assertThat(Connections.on(one).find("abc")).isPresent();
        kill(victim);
        assertThatThrownBy(() -> Connections.on(one).apply("abc", patient, 4).get(60, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        RpcException.class, e -> assertThat(e.reason()).isEqualTo(Reason.NO_NODE));
        assertThat(one.members().find(victim.self().id())).isPresent();
    }

    @Test
    final void theConnectionsOfANodeThatClosesAreGone() {
        Cluster three = serving("three");
        Connections.on(three).open("abc", Map.of(), Verbs.none());
        assertThat(Connections.on(one).find("abc")).isPresent();
        three.close();
        assertThat(Connections.on(one).find("abc")).isEmpty();
        assertThat(Connections.on(one).count()).isZero();
        fails(Reason.NO_NODE, () -> Connections.on(one).apply("abc", HALVE, 1).get());
    }
}
