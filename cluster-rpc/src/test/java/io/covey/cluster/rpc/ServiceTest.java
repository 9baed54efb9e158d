package io.covey.cluster.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.covey.cluster.Cluster;
import io.covey.cluster.Registration;
import io.covey.cluster.rpc.RpcException.Reason;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Annotated interfaces. */
class ServiceTest {
    private final Nodes nodes = new Nodes();
    private final Cluster a = nodes.join("a");
    private final Cluster b = nodes.join("b");
    private final Greeter greeter = Rpc.on(a).proxy(Greeter.class, Nodes.at(b));

    @AfterEach
    void close() {
        nodes.close();
    }

    record Person(String name, int age) {}

    @RpcService("greeter")
    interface Greeter {
        String greet(String name);

        String greetAll(List<Person> people, Map<String, Person> more, int times);

        CompletableFuture<Person> find(String name);

        @RpcMethod(value = "store", idempotent = true, timeoutMillis = 60_000, concurrency = 1, argumentUpTo = 100)
        void put(Person person);

        CompletableFuture<Void> wipe();

        default String greetAda() {
            return greet("ada");
        }
    }

    private static class Polite implements Greeter {
        final Semaphore wiped = new Semaphore(0);
        final AtomicReference<Person> stored = new AtomicReference<>();
        final AtomicReference<CallContext> call = new AtomicReference<>();

        @Override
        public String greet(String name) {
            if (name.isEmpty()) {
                throw new IllegalArgumentException("no name");
            }
            call.set(CallContext.current().orElseThrow());
            return "hello " + name;
        }

        @Override
        public String greetAll(List<Person> people, Map<String, Person> more, int times) {
            return people.get(0).name() + more.get("x").age() + times;
        }

        @Override
        public CompletableFuture<Person> find(String name) {
            return CompletableFuture.supplyAsync(() -> new Person(name, 36));
        }

        @Override
        public void put(Person person) {
            stored.set(person);
        }

        @Override
        public CompletableFuture<Void> wipe() {
            wiped.release();
            return CompletableFuture.completedFuture(null);
        }
    }

    @Test
    void methodsAreCalledWithSeveralArgumentsAndGenericTypes() throws Exception {
        Polite polite = new Polite();
        Rpc.on(b).serve(Greeter.class, polite);
        assertThat(greeter.greet("ada")).isEqualTo("hello ada");
        assertThat(greeter.greetAda()).isEqualTo("hello ada");
        assertThat(greeter.greetAll(List.of(new Person("bob", 1)), Map.of("x", new Person("y", 7)), 3))
                .isEqualTo("bob73");
        assertThat(Nodes.get(greeter.find("cleo"))).isEqualTo(new Person("cleo", 36));
        greeter.put(new Person("dan", 5));
        assertThat(polite.stored).hasValue(new Person("dan", 5));
        assertThat(Nodes.get(greeter.wipe())).isNull();
        assertThat(polite.wiped.tryAcquire()).isTrue();
        assertThat(greeter).hasToString("Greeter of " + Nodes.at(b)).isNotEqualTo("x");
    }

    @Test
    void theMethodsOfAServiceAreProceduresLikeOthers() throws Exception {
        Polite polite = new Polite();
        Rpc.on(b).serve(Greeter.class, polite);
        Procedure<String, String> greet = Procedure.of("greeter.greet", String.class, String.class);
        assertThat(Nodes.get(Rpc.on(a).call(Target.any(), greet, "eve")).value())
                .isEqualTo("hello eve");
        assertThat(polite.call.get().caller()).isEqualTo(a.self().id());
        assertThat(polite.call.get().procedure()).isEqualTo("greeter.greet");
        assertThat(CallContext.current()).isEmpty();
    }

    @Test
    void whatAMethodThrowsReachesTheCallerAsAFailure() {
        Rpc.on(b).serve(Greeter.class, new Polite());
        assertThatThrownBy(() -> greeter.greet(""))
                .isInstanceOfSatisfying(RpcException.class, e -> {
                    assertThat(e.reason()).isEqualTo(Reason.FAILED);
                    assertThat(e.remoteType()).contains("java.lang.IllegalArgumentException");
                })
                .hasMessageContaining("no name");
    }

    @Test
    void nullIsRefusedByName() {
        Rpc.on(b).serve(Greeter.class, new Polite() {
            @Override
            public CompletableFuture<Person> find(String name) {
                return CompletableFuture.completedFuture(null);
            }
        });
        assertThatThrownBy(() -> greeter.greet(null)).hasMessageContaining("argument 1 is null");
        assertThatThrownBy(() -> greeter.find("x").join())
                .isInstanceOf(CompletionException.class)
                .hasMessageContaining("answered null");
    }

    @Test
    void theDeclaredLimitsOfAMethodHold() {
        Rpc.on(b).serve(Greeter.class, new Polite());
        assertThatThrownBy(() -> greeter.put(new Person("x".repeat(200), 1)))
                .isInstanceOfSatisfying(
                        RpcException.class, e -> assertThat(e.reason()).isEqualTo(Reason.BAD_ARGUMENT))
                .hasMessageContaining("over the limit of 100");
    }

    @Test
    void anInterruptedCallerCancels() throws Exception {
        Semaphore running = new Semaphore(0);
        Semaphore interrupted = new Semaphore(0);
        Rpc.on(b).serve(Greeter.class, new Polite() {
            @Override
            public String greet(String name) {
                running.release();
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                    interrupted.release();
                }
                return "";
            }
        });
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread waiting = new Thread(() -> {
            try {
                greeter.greet("x");
            } catch (RpcException e) {
                thrown.set(e);
            }
        });
        waiting.start();
        running.acquire();
        waiting.interrupt();
        Awaitility.await().atMost(Nodes.PATIENCE).until(() -> thrown.get() != null);
        assertThat(thrown.get())
                .isInstanceOfSatisfying(
                        RpcException.class, e -> assertThat(e.reason()).isEqualTo(Reason.CANCELLED));
        interrupted.acquire();
    }

    @Test
    void aServiceIsServedWholeOrNotAtAll() {
        Registration taken =
                Rpc.on(b).serve(Procedure.of("greeter.find", String.class, String.class), (name, call) -> "taken");
        assertThatThrownBy(() -> Rpc.on(b).serve(Greeter.class, new Polite()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("greeter.find");
        taken.close();
        Registration served = Rpc.on(b).serve(Greeter.class, new Polite());
        assertThat(greeter.greet("x")).isEqualTo("hello x");
        served.close();
        assertThatThrownBy(() -> greeter.greet("x")).isInstanceOf(RpcException.class);
        Rpc.on(b).serve(Greeter.class, new Polite());
    }

    interface Plain {}

    @RpcService
    interface Overloaded {
        void go(String to);

        void go(int to);
    }

    @RpcService
    interface Wrong {
        @RpcMethod("not a name")
        void go();
    }

    @Test
    void anInterfaceThatCannotBeServedIsRefusedWithTheReason() {
        assertThatThrownBy(() -> Rpc.on(a).proxy(Plain.class, Target.any())).hasMessageContaining("@RpcService");
        assertThatThrownBy(() -> Rpc.on(a).proxy(Overloaded.class, Target.any()))
                .hasMessageContaining("Overloaded.go: name one");
        assertThatThrownBy(() -> Rpc.on(a).proxy(Wrong.class, Target.any()))
                .hasMessageContainingAll("go()", "not a name");
    }

    @Test
    void aMethodMayRunOnTheHolderOfAKeyWithItsOwnTimeout() {
        Rpc.on(a).serve(Greeter.class, new Polite());
        Rpc.on(b).serve(Greeter.class, new Polite() {
            @Override
            public String greet(String name) {
                return "b has " + name;
            }
        });
        b.owners().hold("connection", "c1", Map.of());
        assertThat(Rpc.on(a)
                        .proxy(Greeter.class, Target.owner("connection", "c1"))
                        .greet("it"))
                .isEqualTo("b has it");
        assertThat(Procedure.of("x", String.class, String.class)
                        .within(Duration.ofSeconds(1))
                        .timeout())
                .isEqualTo(Duration.ofSeconds(1));
    }
}
