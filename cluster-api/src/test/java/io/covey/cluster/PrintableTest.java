package io.covey.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.spi.Printable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrintableTest {
    private static final int MOST = 20;

    @Test
    void plainTextStaysAsItIs() {
        assertThat(Printable.line("Grüße, 世界 😀", MOST)).isEqualTo("Grüße, 世界 😀");
    }

    @Test
    void whatWouldDoSomethingIsShownAsItsCode() {
        assertThat(Printable.line("a\nb\u001b[2J", MOST)).isEqualTo("a\\nb\\u001b[2J");
        assertThat(Printable.line("\u202egpj", MOST)).isEqualTo("\\u202egpj");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"\n", "\r", "\t", "\u0000", "\u001b", "\u007f", "\u0085", "\u2028", "\u2066", "\ud800", "\ue000"
            })
    void noHostileCharacterIsLeft(String hostile) {
        String line = Printable.line(("x" + hostile).repeat(MOST), MOST);
        assertThat(line).hasSizeLessThanOrEqualTo(MOST).startsWith("x\\").endsWith("…");
        assertThat(line.codePoints().filter(Printable::isHostile)).isEmpty();
    }

    @Test
    void noCharacterIsCutInTwo() {
        for (int most = 1; most <= MOST; most++) {
            String line = Printable.line("😀".repeat(MOST), most);
            assertThat(line).hasSizeLessThanOrEqualTo(most);
            assertThat(line.codePoints().filter(Printable::isHostile)).isEmpty();
        }
    }
}
