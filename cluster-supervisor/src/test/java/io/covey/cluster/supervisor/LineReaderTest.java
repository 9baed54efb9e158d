package io.covey.cluster.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineReaderTest {

    private static List<String> lines(String text) {
        List<String> lines = new ArrayList<>();
        new LineReader(
                        new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)),
                        line -> lines.add(new String(line, StandardCharsets.UTF_8)))
                .run();
        return lines;
    }

    @Test
    void linesEndWithALineFeedOrWithTheStream() {
        assertThat(lines("")).isEmpty();
        assertThat(lines("a\n\nb\r\nc")).containsExactly("a", "", "b", "c");
    }

    @Test
    void aLineThatIsTooLongComesInPiecesAndNothingIsMissing() {
        String line = "0123456789".repeat(20_000);
        List<String> lines = lines(line + "\nnext\n");
        assertThat(lines)
                .allMatch(piece -> piece.length() <= LineReader.LONGEST)
                .last()
                .isEqualTo("next");
        assertThat(String.join("", lines.subList(0, lines.size() - 1))).isEqualTo(line);
    }
}
