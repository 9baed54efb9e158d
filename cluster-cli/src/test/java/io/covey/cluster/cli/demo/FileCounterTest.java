package io.covey.cluster.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.cli.demo.FileCount.Kind;
import io.covey.cluster.cli.demo.FileCount.Term;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileCounterTest {
    @TempDir
    Path folder;

    private FileCount count(byte[] bytes) throws IOException {
        Files.write(folder.resolve("file"), bytes);
        return FileCounter.count(folder, "file");
    }

    private FileCount count(String text) throws IOException {
        return count(text.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @CsvSource({"'', 0, 0", "a, 1, 1", "'a\n', 1, 1", "'a\n\nb c', 3, 3", "'  \n\t', 2, 0"})
    void countsLinesAndWords(String text, long lines, long words) throws IOException {
        FileCount count = count(text.replace("\\n", "\n"));
        assertThat(count.kind()).isEqualTo(Kind.TEXT);
        assertThat(count.lines()).isEqualTo(lines);
        assertThat(count.words()).isEqualTo(words);
    }

    @Test
    void findsTheMostFrequentTermsInAnyCase() throws IOException {
        assertThat(count("Tiger tiger burning bright, in the forests of the night. TIGER")
                        .terms())
                .startsWith(new Term("tiger", 3));
    }

    @Test
    void aBinaryFileIsNotRead() throws IOException {
        FileCount count = count(new byte[] {'a', 0, 'b'});
        assertThat(count.kind()).isEqualTo(Kind.BINARY);
        assertThat(count.bytes()).isEqualTo(3);
    }

    @Test
    void aFileThatIsGoneIsUnreadableAndNoException() {
        assertThat(FileCounter.count(folder, "gone").kind()).isEqualTo(Kind.UNREADABLE);
        assertThat(FileCounter.count(folder, ".").kind()).isEqualTo(Kind.UNREADABLE);
    }

    @Test
    void brokenTextAndEndlessWordsAreCountedInBoundedMemory() throws IOException {
        assertThat(count(new byte[] {(byte) 0xC3, (byte) 0x28, (byte) 0xFF}).kind())
                .isEqualTo(Kind.TEXT);
        assertThat(count("x".repeat(5_000_000)).words()).isEqualTo(1);
    }

    @Test
    void totalsDoNotDependOnTheOrderAndNoticeEachDifference() throws IOException {
        FileCount one = count("one two");
        FileCount two = count("three\nfour");
        Totals forwards = new Totals();
        forwards.add(one);
        forwards.add(two);
        Totals backwards = new Totals();
        backwards.add(two);
        backwards.add(one);
        assertThat(forwards.sameAs(backwards)).isTrue();
        Totals twice = new Totals();
        twice.add(one);
        twice.add(one);
        assertThat(forwards.sameAs(twice)).isFalse();
    }
}
