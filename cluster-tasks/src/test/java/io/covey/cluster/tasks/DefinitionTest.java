package io.covey.cluster.tasks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.covey.cluster.CodecException;
import io.covey.cluster.spi.TaskBroker.Dedupe;
import io.covey.cluster.spi.TaskBroker.NewTask;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DefinitionTest {
    private static final byte[] ARGS = "[{\"a\":\"\\u00e9\\\"\"},[]]".getBytes(UTF_8);

    private static NewTask task(Optional<Dedupe> rule) {
        return new NewTask(
                "report",
                ARGS,
                Optional.empty(),
                Optional.empty(),
                Map.of("traceparent", "00-\"1\"", "b", ""),
                Optional.of("ada"),
                rule);
    }

    @Test
    void aDefinitionIsReadAsItWasWritten() {
        for (Dedupe rule : List.of(
                new Dedupe.Unique(Optional.of("x"), Dedupe.Until.STARTED, Duration.ofHours(2)),
                new Dedupe.Unique(Optional.empty(), Dedupe.Until.EXPIRY, Duration.ofMillis(1)),
                new Dedupe.Debounce(Optional.empty(), Duration.ofSeconds(3)))) {
            Definition definition = new Definition(
                    Recurrence.cron("0 3 * * MON", ZoneId.of("Europe/Berlin")),
                    Misfire.all(7),
                    task(Optional.of(rule)));
            Definition read = Definition.of(definition.toBytes());
            assertThat(read.recurrence()).isEqualTo(definition.recurrence());
            assertThat(read.misfire()).isEqualTo(Misfire.all(7));
            assertThat(read.task()).usingRecursiveComparison().isEqualTo(definition.task());
            assertThat(read.toBytes()).isEqualTo(definition.toBytes());
        }
    }

    @Test
    void itsBytesStayTheSameFromVersionToVersion() {
        Definition definition = new Definition(
                Recurrence.every(Duration.ofMinutes(5)),
                Misfire.once(),
                new NewTask("report", "[1]".getBytes(UTF_8), Optional.empty(), Optional.empty()));
        assertThat(new String(definition.toBytes(), UTF_8))
                .isEqualTo("[\"v\",\"1\",\"every\",\"300000\",\"misfire\",\"ONCE\",\"most\",\"1\",\"type\",\"report\","
                        + "\"args\",\"[1]\"]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[1,2]",
                "[\"v\",\"2\"]",
                "[\"v\",\"1\"]",
                "[\"v\",\"1\",\"cron\",\"x\",\"zone\",\"UTC\"]",
                "[\"v\",\"1\",\"cron\",\"* * * * *\",\"zone\",\"Mars/Base\"]"
            })
    void whatAnotherVersionWroteIsTold(String bytes) {
        assertThatThrownBy(() -> Definition.of(bytes.getBytes(UTF_8))).isInstanceOf(CodecException.class);
    }
}
