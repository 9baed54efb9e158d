package io.covey.cluster.dashboard;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ShownTest {

    @Test
    void whatIsNoCharacterIsMadeVisible() {
        assertThat(Shown.name("a\u0000b\u001b[31m\u202ec\r\n\ud800"))
                .isEqualTo("a\\u{0}b\\u{1b}[31m\\u{202e}c\\u{d}\\u{a}\\u{d800}");
        assertThat(Shown.name("grüße 日本 🦜 <b>")).isEqualTo("grüße 日本 🦜 <b>");
        assertThat(Shown.much("a\nb\tc\u0007")).isEqualTo("a\nb\tc\\u{7}");
    }

    @Test
    void aNameOfAMillionCharactersIsShortAndSaysHowLongItIs() {
        String shown = Shown.name("x".repeat(1 << 20));
        assertThat(shown).hasSizeLessThan(200).startsWith("xxx").endsWith("… (1048576 characters)");
        assertThat(Shown.line("€".repeat(1 << 20).getBytes(UTF_8)))
                .hasSizeLessThan(400)
                .endsWith("… (3145728 bytes)");
        assertThat(Shown.line("[1]".getBytes(UTF_8))).isEqualTo("[1]");
    }

    @Test
    void jsonHasNothingInItThatAPageWouldRead() {
        assertThat(Json.text(
                        Json.object("a", "</script>\u2028\"\\'&", "b", List.of(1, 2.5, true), "c", Optional.empty())))
                .isEqualTo(
                        "{\"a\":\"\\u003c/script\\u003e\\u2028\\\"\\\\\\u0027\\u0026\",\"b\":[1,2.5,true],\"c\":null}");
        assertThat(Json.text(Double.NaN)).isEqualTo("null");
    }
}
