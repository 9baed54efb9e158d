package io.covey.cluster.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class QueueMetersTest {
    private final MeterRegistry registry = new SimpleMeterRegistry();
    private final QueueMeters meters = new QueueMeters(registry);

    private double oldest(String queue) {
        return Meters.sum(registry, "covey.queue.oldest", "queue", queue);
    }

    @Test
    void ofManyQueuesTheHundredThatWaitLongestAreShownAndTheLongestOfTheOthers() {
        Map<String, Duration> ages = new TreeMap<>();
        for (int i = 1; i <= Capped.MOST + 20; i++) {
            ages.put(String.format("q%03d", i), Duration.ofSeconds(i));
        }
        meters.showAges(ages);
        assertThat(registry.find("covey.queue.oldest").gauges()).hasSize(Capped.MOST + 1);
        assertThat(oldest("q120")).isEqualTo(120);
        assertThat(oldest("q021")).isEqualTo(21);
        assertThat(registry.find("covey.queue.oldest").tag("queue", "q020").gauge())
                .isNull();
        assertThat(oldest(Capped.OTHER)).isEqualTo(20);
        ages.keySet().removeIf(queue -> queue.compareTo("q101") < 0);
        meters.showAges(ages);
        assertThat(registry.find("covey.queue.oldest").gauges()).hasSize(20);
    }
}
