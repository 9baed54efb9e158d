package io.covey.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.covey.cluster.spi.ChannelPattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChannelPatternTest {

    @ParameterizedTest
    @CsvSource({
        "/a/b, /a/b, true",
        "/a/b, /a/b/c, false",
        "/a/*, /a/b, true",
        "/a/*, /a, false",
        "/a/*, /a/b/c, false",
        "/a/**, /a/b, true",
        "/a/**, /a/b/c, true",
        "/a/**, /a, false",
        "/a/b/**, /a/bc/d, false",
        "/*, /a, true",
        "/**, /a/b, true",
    })
    void matchesByTheRulesOfFaye(String pattern, String channel, boolean matches) {
        assertThat(new ChannelPattern(pattern).matches(channel)).isEqualTo(matches);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "/", "a", "/a/", "//a", "/a//b", "/a/*/b", "/a*", "/a/***", "/a/..", "/./a", "/a b", "/ä", "/{a}",
                "/a/*b", "/a/b*", "/**/a", "/a/*\n"
            })
    void refusesEverythingElse(String text) {
        assertThatThrownBy(() -> new ChannelPattern(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("/a/**");
    }

    @Test
    void refusesALongChannelAtOnceAndShowsOnlyItsBeginning() {
        assertThatThrownBy(() -> new ChannelPattern("/" + "a".repeat(1 << 20)))
                .hasMessageContaining("200 characters")
                .message()
                .hasSizeLessThan(400);
    }
}
