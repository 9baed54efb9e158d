package io.covey.cluster.core.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.covey.cluster.spi.ChannelPattern;
import java.util.List;
import java.util.Set;

/** Names that applications may pass on from their users. */
class ChannelPatternFuzzTest {
    private static final Secured SECURED = new Secured(Set.of("/cluster"));

    @FuzzTest
    void aTextIsAChannelOrAPatternOrRefused(FuzzedDataProvider data) {
        String channel = data.consumeString(250);
        String text = data.consumeRemainingAsString();
        ChannelPattern pattern;
        try {
            pattern = new ChannelPattern(text);
        } catch (IllegalArgumentException e) {
            assertThat(e.getMessage()).matches("[ -~…]*").hasSizeLessThan(400);
            return;
        }
        assertThat(text)
                .hasSizeLessThanOrEqualTo(200)
                .matches("(/[\\w.:*-]+)+")
                .doesNotContain("/../")
                .doesNotContain("/./");
        assertThat(pattern.isExact()).isEqualTo(!text.contains("*"));
        assertThat(pattern.matches(text))
                .isEqualTo(pattern.isExact()
                        || text.equals(pattern.prefix() + "*")
                        || text.equals(pattern.prefix() + "**"));
        assertThat(pattern.matches(channel)).isEqualTo(matches(text, channel));
        if (text.startsWith("/cluster/")) {
            assertThat(SECURED.covers(text)).isTrue();
        }
    }

    /** The rules again, by segments. */
    private static boolean matches(String pattern, String channel) {
        List<String> wanted = List.of(pattern.split("/", -1));
        List<String> there = List.of(channel.split("/", -1));
        int last = wanted.size() - 1;
        String tail = wanted.get(last);
        if (!tail.startsWith("*")) {
            return pattern.equals(channel);
        }
        return there.size() > last
                && there.subList(0, last).equals(wanted.subList(0, last))
                && (tail.equals("**") || there.size() == wanted.size())
                && !(there.size() == wanted.size() && there.get(last).isEmpty());
    }
}
