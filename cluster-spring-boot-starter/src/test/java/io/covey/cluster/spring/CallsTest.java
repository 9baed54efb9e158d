package io.covey.cluster.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.covey.cluster.Cluster;
import io.covey.cluster.Gap;
import io.covey.cluster.Received;
import io.covey.cluster.rpc.Rpc;
import io.covey.cluster.rpc.RpcException;
import io.covey.cluster.rpc.RpcService;
import io.covey.cluster.rpc.Target;
import io.covey.cluster.rpc.connections.Connections;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

class CallsTest {
    private static final long SECONDS = 60;

    @RpcService
    interface Greeter {
        String greet(String name);
    }

    @RpcService
    interface Slow {
        CompletableFuture<String> wait(int seconds);
    }

    static final class Polite implements Greeter {
        @Override
        public String greet(String name) {
            return "Hello, " + name;
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Serving {
        @Bean
        Polite greeter() {
            return new Polite();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Advised {
        @Bean
        Greeter greeter() {
            ProxyFactory proxy = new ProxyFactory(new Polite());
            proxy.addInterface(Greeter.class);
            return (Greeter) proxy.getProxy();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Calling {
        @Bean
        Greeter others(Rpc rpc) {
            return rpc.proxy(Greeter.class, Target.any());
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class TwoOfOne {
        @Bean
        Polite one() {
            return new Polite();
        }

        @Bean
        Polite two() {
            return new Polite();
        }
    }

    @Test
    void aBeanThatImplementsAServiceIsServedAndAProxyOfItIsNot() {
        String uri = "covey.uri=" + Applications.local();
        try (ConfigurableApplicationContext client = Applications.run(Calling.class, uri)) {
            try (ConfigurableApplicationContext server = Applications.run(Serving.class, uri)) {
                assertThat(server.getBean(Greeter.class).greet("Bob")).isEqualTo("Hello, Bob");
                assertThat(client.getBean(Greeter.class).greet("Ada")).isEqualTo("Hello, Ada");
            }
            assertThatThrownBy(() -> client.getBean(Greeter.class).greet("Ada")).hasMessageContaining("Greeter.greet");
        }
    }

    @Test
    void twoBeansOfOneServiceAreRefused() {
        assertThatThrownBy(() -> Applications.run(TwoOfOne.class).close())
                .rootCause()
                .hasMessageContaining(
                        "The beans one and two both implement the @RpcService " + Greeter.class.getName());
    }

    @Test
    void theNodeAnswersNoCallsWhereThatIsSwitchedOff() {
        try (ConfigurableApplicationContext app = Applications.run(Serving.class, "covey.rpc.serve=false")) {
            assertThat(app.getBeanNamesForType(ServedBeans.class)).isEmpty();
            assertThat(app.getBean(Rpc.class)).isSameAs(Rpc.on(app.getBean(Cluster.class)));
        }
    }

    @Test
    void callsAndConnectionsAreOpenedWithTheOptionsOfTheProperties() {
        try (ConfigurableApplicationContext app = Applications.run(Serving.class, "covey.rpc.threads=2")) {
            assertThat(app.getBean(Connections.class).count()).isZero();
            assertThat(app.getBean(Rpc.class)).isSameAs(Rpc.on(app.getBean(Cluster.class)));
        }
    }

    @Test
    void anApplicationThatStopsAndStartsAgainServesOn() {
        String uri = "covey.uri=" + Applications.local();
        try (ConfigurableApplicationContext server = Applications.run(Serving.class, uri);
                ConfigurableApplicationContext client = Applications.run(Calling.class, uri)) {
            server.stop();
            assertThatThrownBy(() -> client.getBean(Greeter.class).greet("Ada")).isInstanceOf(RpcException.class);
            server.start();
            assertThat(client.getBean(Greeter.class).greet("Ada")).isEqualTo("Hello, Ada");
        }
    }

    static final class Waiting implements Slow, DisposableBean {
        final CountDownLatch begun = new CountDownLatch(1);
        final CompletableFuture<String> answer = new CompletableFuture<>();
        volatile boolean answeredInTime;

        @Override
        public void destroy() {
            answeredInTime = answer.isDone();
        }

        @Override
        public CompletableFuture<String> wait(int seconds) {
            begun.countDown();
            return answer;
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class SlowlyServing {
        @Bean
        Waiting waiting() {
            return new Waiting();
        }
    }

    @Test
    void aCallThatRunsWhenTheApplicationStopsIsAnswered() throws Exception {
        String uri = "covey.uri=" + Applications.local();
        try (ConfigurableApplicationContext client =
                Applications.run(ClusterAutoConfigurationTest.Nothing.class, uri)) {
            ConfigurableApplicationContext server = Applications.run(SlowlyServing.class, uri);
            Waiting waiting = server.getBean(Waiting.class);
            CompletableFuture<String> call =
                    client.getBean(Rpc.class).proxy(Slow.class, Target.any()).wait(1);
            assertThat(waiting.begun.await(SECONDS, TimeUnit.SECONDS)).isTrue();
            Thread closing = new Thread(server::close);
            closing.start();
            await().atMost(Duration.ofSeconds(SECONDS))
                    .until(() -> closing.getState() == Thread.State.WAITING
                            || closing.getState() == Thread.State.TIMED_WAITING);
            waiting.answer.complete("at last");
            assertThat(call.get(SECONDS, TimeUnit.SECONDS)).isEqualTo("at last");
            closing.join(TimeUnit.SECONDS.toMillis(SECONDS));
            assertThat(closing.isAlive()).isFalse();
            assertThat(waiting.answeredInTime).isTrue();
        }
    }

    record Chat(String text) {}

    static class Ear {
        final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

        @Subscribe("/chat/*")
        void message(Chat chat) {
            heard.add("message " + chat.text());
        }

        @Subscribe({"${other.channel}", "/both"})
        void channel(String channel, List<Chat> chats) {
            heard.add(channel + " " + chats.get(0).text());
        }

        @Subscribe("/received")
        void received(Received<Chat> received) {
            heard.add(received.channel() + " " + received.message().text() + " by " + received.sender());
            throw new IllegalStateException("on purpose");
        }

        @Subscribe("/chat/*")
        void gap(Gap gap) {
            heard.add("gap");
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Hearing {
        @Bean
        Ear ear() {
            return new Ear();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class WrongEar {
        @Subscribe("/a")
        void wrong(String one, String two, String three) {}
    }

    @Configuration(proxyBeanMethods = false)
    static class WrongChannel {
        @Subscribe("no channel")
        void wrong(String one) {}
    }

    @Test
    void methodsOfBeansHearMessagesInEachForm() throws Exception {
        try (ConfigurableApplicationContext app = Applications.run(Hearing.class, "other.channel=/other")) {
            Cluster cluster = app.getBean(Cluster.class);
            Ear ear = app.getBean(Ear.class);
            cluster.topic("/chat/lobby", Chat.class).publish(new Chat("hello"));
            assertThat(next(ear)).isEqualTo("message hello");
            cluster.topic("/other", Chat[].class).publish(new Chat[] {new Chat("list")});
            assertThat(next(ear)).isEqualTo("/other list");
            cluster.topic("/both", Chat[].class).publish(new Chat[] {new Chat("list")});
            assertThat(next(ear)).isEqualTo("/both list");
            for (int i = 0; i < 2; i++) {
                cluster.topic("/received", Chat.class).publish(new Chat("whole"));
                assertThat(next(ear))
                        .isEqualTo("/received whole by " + cluster.self().id());
            }
            cluster.topic("/chat/lobby", byte[].class).publish(new byte[] {1, 2, 3}); // No Chat.
            assertThat(next(ear)).isEqualTo("gap");
            app.stop();
            cluster.topic("/chat/lobby", Chat.class).publish(new Chat("nobody"));
            app.start();
            cluster.topic("/chat/lobby", Chat.class).publish(new Chat("again"));
            assertThat(next(ear)).isEqualTo("message again");
        }
    }

    @Test
    void aMethodThatCannotHearIsNamedWithTheReason() {
        assertThatThrownBy(() -> Applications.run(WrongEar.class).close())
                .rootCause()
                .hasMessageContaining("WrongEar.wrong: it must take a message");
        assertThatThrownBy(() -> Applications.run(WrongChannel.class).close())
                .rootCause()
                .hasMessageContaining("WrongChannel.wrong: cannot subscribe to no channel");
    }

    private static String next(Ear ear) throws InterruptedException {
        return String.valueOf(ear.heard.poll(SECONDS, TimeUnit.SECONDS));
    }

    @Test
    void aServiceBehindAProxyOfSpringsIsServed() {
        try (ConfigurableApplicationContext app = Applications.run(Advised.class)) {
            assertThat(app.getBean(Rpc.class).proxy(Greeter.class, Target.any()).greet("Ada"))
                    .isEqualTo("Hello, Ada");
        }
    }
}
