package io.covey.cluster.core.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.covey.cluster.Secret;
import io.covey.cluster.Security;
import io.covey.cluster.TokenFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenWatchTest {
    private static final Secret OLD = Secret.of("0f1e2d3c4b5a69788796");
    private static final Secret NEW = Secret.of("a9b8c7d6e5f4031221304");

    @TempDir
    Path folder;

    private Path path;
    private TokenBook book;
    private TokenWatch watch;

    @BeforeEach
    void open() throws IOException {
        path = folder.resolve("tokens");
        write(OLD);
        TokenFile file = new TokenFile(path);
        book = new TokenBook(new Security(file.read(), Optional.of(file), false, Set.of()), "covey");
        watch = new TokenWatch(file, book);
    }

    @Test
    void aFileThatChangedIsFollowedOnceItWasReadTwiceAlike() throws IOException {
        KeyRing ring = book.ring("node").orElseThrow();
        look(1);
        write(NEW, OLD);
        look(1);
        assertThat(book.ids()).containsExactly(book.id(OLD));
        look(1);
        assertThat(book.ids()).containsExactly(book.id(NEW), book.id(OLD));
        assertThat(ring.signing().id()).isEqualTo(book.id(NEW));
        assertThat(ring.find(Sealing.naming(book.id(OLD)))).isPresent();
        write(NEW);
        look(2);
        assertThat(ring.find(Sealing.naming(book.id(OLD)))).isEmpty();
    }

    @Test
    void aFileThatIsWrittenBitByBitIsNotTakenHalf() throws IOException {
        Files.writeString(path, "a9b8c7d6e5f4031221");
        look(1);
        write(NEW);
        look(1);
        assertThat(book.ids()).containsExactly(book.id(OLD));
        look(1);
        assertThat(book.ids()).containsExactly(book.id(NEW));
    }

    @Test
    void aFileThatIsGoneOrWrongChangesNothingUntilItIsRightAgain() throws IOException {
        for (String wrong : List.of("", "# nothing", "weak", "change-me-change-me")) {
            Files.writeString(path, wrong);
            look(3);
            assertThat(book.ids()).containsExactly(book.id(OLD));
        }
        Files.delete(path);
        look(3);
        assertThat(book.ids()).containsExactly(book.id(OLD));
        write(NEW);
        look(2);
        assertThat(book.ids()).containsExactly(book.id(NEW));
    }

    @Test
    void tokensOfAFileAreChangedInTheFileAlone() {
        assertThatThrownBy(() -> book.accept(NEW))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(path.toString());
    }

    @Test
    void tokensAreReplacedInTheRightOrderAlone() {
        TokenBook own = book(OLD);
        assertThatThrownBy(() -> own.signWith(NEW)).hasMessageContaining(own.id(NEW));
        assertThatThrownBy(() -> own.refuse(OLD)).hasMessageContaining(own.id(OLD));
        own.refuse(NEW);
        own.accept(NEW);
        own.accept(NEW);
        assertThat(own.ids()).containsExactly(own.id(OLD), own.id(NEW));
        own.signWith(NEW);
        assertThat(own.ids()).containsExactly(own.id(NEW), own.id(OLD));
        own.refuse(OLD);
        assertThat(own.ids()).containsExactly(own.id(NEW));
        assertThat(own.id(NEW)).matches("[0-9a-f]{12}").isEqualTo(book.id(NEW));
    }

    @Test
    void acceptedTokensAreBounded() {
        TokenBook own = book(OLD);
        IntStream.range(1, Security.MOST_TOKENS).forEach(i -> own.accept(numbered(i)));
        assertThatThrownBy(() -> own.accept(numbered(99))).hasMessageContaining("16");
        assertThat(own.ids()).hasSize(16);
    }

    @Test
    void aNodeThatJoinedWithoutATokenGetsNone() {
        assertThatThrownBy(() -> book().accept(NEW)).isInstanceOf(IllegalStateException.class);
        assertThat(book().ids()).isEmpty();
    }

    private static TokenBook book(Secret... tokens) {
        return new TokenBook(new Security(List.of(tokens), Optional.empty(), false, Set.of()), "covey");
    }

    private static Secret numbered(int i) {
        return Secret.of("0f1e2d3c4b5a6978-" + i);
    }

    private void look(int times) {
        for (int i = 0; i < times; i++) {
            watch.look();
        }
    }

    private void write(Secret... tokens) throws IOException {
        Files.write(
                path,
                Arrays.stream(tokens)
                        .map(token -> new String(token.bytes(), StandardCharsets.UTF_8))
                        .toList());
    }
}
