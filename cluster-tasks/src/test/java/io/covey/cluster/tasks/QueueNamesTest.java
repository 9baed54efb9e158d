package io.covey.cluster.tasks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.covey.cluster.TransportException;
import io.covey.cluster.spi.TaskInspector;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class QueueNamesTest {
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
    private final ConcurrentLinkedQueue<CompletionStage<Set<String>>> answers = new ConcurrentLinkedQueue<>();

    @AfterEach
    void close() {
        thread.shutdownNow();
    }

    @Test
    void namesThatAreNoneHereAreLeftOutAndWithoutAnAnswerThoseKnownStay() {
        answers.add(CompletableFuture.completedFuture(Set.of("mail", "odd name", "with/slash")));
        answers.add(CompletableFuture.failedFuture(new TransportException("away")));
        answers.add(CompletableFuture.completedFuture(Set.of("mail", "odd name", "more")));
        ConcurrentLinkedQueue<Set<String>> heard = new ConcurrentLinkedQueue<>();
        new QueueNames(inspector(), thread, heard::add).start();
        await().atMost(Duration.ofSeconds(60)).until(() -> heard.size() >= 2);
        assertThat(heard.stream().limit(2)).containsExactly(Set.of("mail"), Set.of("mail", "more"));
    }

    private TaskInspector inspector() {
        return new TaskInspector() {
            @Override
            public CompletionStage<Set<String>> names() {
                CompletionStage<Set<String>> next = answers.poll();
                return next == null ? CompletableFuture.completedFuture(Set.of("mail", "more")) : next;
            }

            @Override
            public CompletionStage<List<QueueInfo>> queues() {
                return CompletableFuture.completedFuture(List.of());
            }

            @Override
            public CompletionStage<Map<String, Long>> totals() {
                return CompletableFuture.completedFuture(Map.of());
            }

            @Override
            public CompletionStage<List<FailedTask>> failed(long offset, int limit) {
                return CompletableFuture.completedFuture(List.of());
            }
        };
    }
}
