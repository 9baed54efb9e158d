package io.covey.cluster.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.covey.cluster.spi.QueueSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class QueueChangeTest {

    @ParameterizedTest
    @ValueSource(strings = {"paused=yes", "paused=1", "paused=", "paused=True "})
    void whatIsNeitherTrueNorFalseDoesNotResumeAQueue(String text) {
        QueueSettings paused = QueueSettings.defaults().withPaused(true);
        assertThatThrownBy(() -> new QueueChange(text).apply(paused))
                .isInstanceOf(TypeConversionException.class)
                .hasMessageContainingAll("true or false", text.substring("paused=".length()));
    }

    @Test
    void theOrderOfSettingsMakesNoDifference() {
        QueueSettings limited = new QueueChange("key-concurrency=2,kind=own").apply(QueueSettings.defaults());
        assertThat(limited).isEqualTo(new QueueChange("kind=own,key-concurrency=2").apply(QueueSettings.defaults()));
        assertThat(new QueueChange("kind=shared,key-concurrency=none").apply(limited))
                .isEqualTo(QueueSettings.defaults());
    }

    @Test
    void aLimitThatTheKindHasNoRoomForIsRefused() {
        assertThatThrownBy(() -> new QueueChange("key-rate=5/m").apply(QueueSettings.defaults()))
                .hasMessageContaining("OWN");
        assertThat(new QueueChange("paused=true").apply(QueueSettings.defaults()))
                .isEqualTo(QueueSettings.defaults().withPaused(true));
    }
}
