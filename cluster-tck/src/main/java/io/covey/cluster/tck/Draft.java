package io.covey.cluster.tck;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.covey.cluster.spi.TaskBroker.Dedupe;
import io.covey.cluster.spi.TaskBroker.Dedupe.Debounce;
import io.covey.cluster.spi.TaskBroker.Dedupe.Unique;
import io.covey.cluster.spi.TaskBroker.Dedupe.Until;
import io.covey.cluster.spi.TaskBroker.NewTask;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A task about to be added, with whatever it may carry. */
record Draft(NewTask task) {
    private static final Duration LONGEST = Duration.ofHours(1);

    static Draft of(String type) {
        return new Draft(Producer.task(type));
    }

    static List<NewTask> tasks(Draft... drafts) {
        return Arrays.stream(drafts).map(Draft::task).toList();
    }

    Draft args(String json) {
        return new Draft(new NewTask(
                task.type(), json.getBytes(UTF_8), task.id(), task.due(), task.headers(), task.key(), task.dedupe()));
    }

    Draft id(String id) {
        return new Draft(new NewTask(
                task.type(), task.args(), Optional.of(id), task.due(), task.headers(), task.key(), task.dedupe()));
    }

    Draft due(Instant due) {
        return new Draft(new NewTask(
                task.type(), task.args(), task.id(), Optional.of(due), task.headers(), task.key(), task.dedupe()));
    }

    Draft headers(Map<String, String> headers) {
        return new Draft(
                new NewTask(task.type(), task.args(), task.id(), task.due(), headers, task.key(), task.dedupe()));
    }

    Draft key(String key) {
        return new Draft(new NewTask(
                task.type(), task.args(), task.id(), task.due(), task.headers(), Optional.of(key), task.dedupe()));
    }

    Draft unique(Until until) {
        return dedupe(new Unique(Optional.empty(), until, LONGEST));
    }

    Draft unique(String key, Until until) {
        return dedupe(new Unique(Optional.of(key), until, LONGEST));
    }

    Draft unique(String key, Until until, Duration longest) {
        return dedupe(new Unique(Optional.of(key), until, longest));
    }

    Draft unique(Until until, Duration longest) {
        return dedupe(new Unique(Optional.empty(), until, longest));
    }

    Draft debounce(Duration quiet) {
        return dedupe(new Debounce(Optional.empty(), quiet));
    }

    Draft debounce(String key, Duration quiet) {
        return dedupe(new Debounce(Optional.of(key), quiet));
    }

    private Draft dedupe(Dedupe rule) {
        return new Draft(new NewTask(
                task.type(), task.args(), task.id(), task.due(), task.headers(), task.key(), Optional.of(rule)));
    }
}
