package io.covey.cluster.spring;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.covey.cluster.spring.WorkerTest.Resize;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Configuration;

class RefusedHandlersTest {

    @Configuration(proxyBeanMethods = false)
    static class TwoPayloads {
        @HandlesTask("both")
        void both(Resize one, Resize other) {}
    }

    @Configuration(proxyBeanMethods = false)
    static class Unnamed {
        @HandlesTask
        void what(String text) {}
    }

    @Configuration(proxyBeanMethods = false)
    static class OtherPayload {
        @HandlesTask(value = "resize", declaredIn = Resize.class)
        void what(String text) {}
    }

    @Configuration(proxyBeanMethods = false)
    static class SaidTwice {
        @HandlesTask(attempts = 5)
        void resize(Resize resize) {}
    }

    @Configuration(proxyBeanMethods = false)
    static class HandledTwice {
        @HandlesTask
        void resize(Resize resize) {}

        @HandlesTask("resize")
        void again(Resize resize) {}
    }

    @Configuration(proxyBeanMethods = false)
    static class RecurringOnly {
        @Recurring(every = "1m")
        void tick() {}
    }

    @Test
    void aHandlerThatCannotBeIsNamedWithTheReason() {
        assertRefused(TwoPayloads.class, "TwoPayloads.both: it must take a payload, a TaskContext, both or neither");
        assertRefused(Unnamed.class, "Unnamed.what: it names no task type");
        assertRefused(OtherPayload.class, "OtherPayload.what: it takes java.lang.String, but Resize.TASK is a");
        assertRefused(SaidTwice.class, "SaidTwice.resize: queue, attempts and timeout are those of Resize.TASK");
        assertRefused(HandledTwice.class, "The task type resize has a handler already");
        assertRefused(RecurringOnly.class, "RecurringOnly.tick: it needs a @HandlesTask beside it");
    }

    private static void assertRefused(Class<?> source, String why) {
        assertThatThrownBy(() -> Applications.run(source).close())
                .hasRootCauseInstanceOf(IllegalStateException.class)
                .rootCause()
                .hasMessageContaining(why);
    }
}
