package io.covey.cluster.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.common.util.concurrent.Uninterruptibles;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class ListenersTest {

    @Test
    void aListenerThatThrowsAnErrorHearsOfWhatHappenedMeanwhile() throws Exception {
        try (NodeThreads threads = new NodeThreads("a")) {
            Listeners<Consumer<Integer>> listeners = new Listeners<>("numbers", threads);
            CountDownLatch told = new CountDownLatch(1);
            List<Integer> heard = new CopyOnWriteArrayList<>();
            listeners.add(number -> {
                heard.add(number);
                if (number == 1) {
                    Uninterruptibles.awaitUninterruptibly(told);
                    throw new AssertionError("on purpose");
                }
            });
            listeners.tell(listener -> listener.accept(1));
            listeners.tell(listener -> listener.accept(2));
            told.countDown();
            await().untilAsserted(() -> assertThat(heard).containsExactly(1, 2));
        }
    }
}
