package io.covey.cluster.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.NodeEvent;
import io.covey.cluster.NodeListener;
import io.covey.cluster.Registration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class NewsTest {
    private static final NodeEvent EVENT = new NodeEvent.CacheRead("profiles", 0, 1, 0);

    private final News news = new News();
    private final List<NodeEvent> heard = new ArrayList<>();

    @Test
    void anErrorOfAListenerReachesNeitherWhoTellsNorTheOthers() {
        news.add(event -> {
            throw new NoClassDefFoundError("on purpose");
        });
        news.add(heard::add);
        news.tell(EVENT);
        news.tell(EVENT);
        assertThat(heard).containsExactly(EVENT, EVENT);
    }

    @Test
    void oneOfTwoThatAreTheSameStaysHoweverOftenTheOtherIsClosed() {
        NodeListener same = heard::add;
        Registration first = news.add(same);
        Registration second = news.add(same);
        first.close();
        first.close();
        news.tell(EVENT);
        assertThat(heard).containsExactly(EVENT);
        assertThat(news.wanted()).isTrue();
        second.close();
        assertThat(news.wanted()).isFalse();
    }

    @Test
    void whoeverListensIsWantedWhileOthersComeAndGo() throws Exception {
        ExecutorService other = Executors.newSingleThreadExecutor();
        try {
            Future<?> comesAndGoes = other.submit(() -> {
                for (int i = 0; i < 20_000; i++) {
                    news.add(event -> {}).close();
                }
            });
            while (!comesAndGoes.isDone()) {
                Registration mine = news.add(event -> {});
                assertThat(news.wanted()).isTrue();
                Thread.yield();
                assertThat(news.wanted()).isTrue();
                mine.close();
            }
            comesAndGoes.get(60, TimeUnit.SECONDS);
            assertThat(news.wanted()).isFalse();
        } finally {
            other.shutdownNow();
        }
    }
}
