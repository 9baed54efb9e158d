package io.covey.cluster.tck;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.covey.cluster.spi.Directory;
import io.covey.cluster.spi.Directory.Row;
import io.covey.cluster.spi.Page;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a {@link Directory} promises: of owners, and of the rows that they write. */
public abstract class DirectoryContract extends OwnerContract {

    @Test
    final void whoHasNotBeatenOrWasBuriedCannotPut() {
        Row row = row("nodes", "1", "ada");
        assertThatThrownBy(() -> on(directory.put(row))).isInstanceOf(IllegalStateException.class);
        assertThat(find("nodes", "1")).isEmpty();
        beat("ada");
        on(directory.put(row));
        on(directory.bury("ada", true));
        assertThatThrownBy(() -> on(elsewhere.put(row))).isInstanceOf(IllegalStateException.class);
        assertThat(find("nodes", "1")).isEmpty();
        beat("ada");
        on(directory.put(row));
        assertThat(find("nodes", "1")).isPresent();
    }

    @Test
    final void aRowThatIsPutAgainBelongsToTheLastWhoPutIt() {
        beat("ada");
        beat("bob");
        put("nodes", "1", "ada");
        Row replaced =
                on(elsewhere.put(new Row("nodes", "1", "bob", new byte[] {2}))).orElseThrow();
        assertThat(replaced.group()).isEqualTo("nodes");
        assertThat(replaced.member()).isEqualTo("1");
        assertThat(replaced.owner()).isEqualTo("ada");
        assertThat(replaced.data()).isEqualTo(row("nodes", "1", "ada").data());
        Row row = find("nodes", "1").orElseThrow();
        assertThat(row.owner()).isEqualTo("bob");
        assertThat(row.data()).containsExactly(2);
        assertThat(on(directory.counts(Set.of("nodes")))).containsEntry("nodes", 1L);
        assertThat(on(directory.bury("ada", true))).isEmpty();
        assertThat(find("nodes", "1")).isPresent();
        assertThat(on(directory.bury("bob", true))).hasSize(1);
        assertThat(find("nodes", "1")).isEmpty();
    }

    @Test
    final void onlyTheOwnerRemovesARow() {
        beat("ada");
        beat("bob");
        put("nodes", "1", "ada");
        assertThat(on(directory.remove("nodes", "1", "bob"))).isEmpty();
        assertThat(on(directory.remove("nodes", "2", "ada"))).isEmpty();
        assertThat(on(directory.remove("other", "1", "ada"))).isEmpty();
        assertThat(find("nodes", "1")).isPresent();
        Row removed = on(elsewhere.remove("nodes", "1", "ada")).orElseThrow();
        assertThat(removed.owner()).isEqualTo("ada");
        assertThat(removed.data()).isEqualTo(row("nodes", "1", "ada").data());
        assertThat(on(elsewhere.remove("nodes", "1", "ada"))).isEmpty();
        assertThat(find("nodes", "1")).isEmpty();
        assertThat(on(directory.bury("ada", true))).isEmpty();
    }

    @Test
    final void whoPutsARowIsToldWhichOneItReplaced() {
        beat("ada");
        Row first = new Row("nodes", "1", "ada", new byte[] {1});
        assertThat(on(directory.put(first))).isEmpty();
        assertThat(on(directory.put(new Row("nodes", "1", "ada", new byte[] {2})))
                        .orElseThrow()
                        .data())
                .containsExactly(1);
        on(directory.remove("nodes", "1", "ada"));
        assertThat(on(directory.put(first))).isEmpty();
    }

    @Test
    final void ofEightWhoTakeARowFromOneAnotherEachIsHandedAnotherOne() throws Exception {
        for (int i = 0; i < 8; i++) {
            beat("o" + i);
        }
        List<String> handed = new ArrayList<>();
        for (Optional<Row> row : Race.of(8, number -> {
            Directory one = number % 2 == 0 ? directory : elsewhere;
            on(one.put(row("prize", "1", "o" + number)));
            return on(one.remove("prize", "1", "o" + number));
        })) {
            row.ifPresent(found -> handed.add(found.owner()));
        }
        assertThat(handed).isNotEmpty().doesNotHaveDuplicates();
        assertThat(find("prize", "1")).isEmpty();
        assertThat(on(directory.groups("prize", Optional.empty(), 10)).items()).isEmpty();
        for (int i = 0; i < 8; i++) {
            assertThat(on(directory.bury("o" + i, true))).isEmpty();
        }
    }

    @Test
    final void aRowOfNobodyStaysUntilItIsRemoved() {
        beat("ada");
        assertThat(on(directory.put(row("made", "1", Directory.NOBODY)))).isEmpty();
        assertThat(on(elsewhere.put(row("made", "1", Directory.NOBODY)))).isPresent();
        on(directory.bury("ada", true));
        assertThat(find("made", "1").orElseThrow().owner()).isEqualTo(Directory.NOBODY);
        assertThat(on(directory.remove("made", "1", "ada"))).isEmpty();
        beat("bob");
        assertThat(on(directory.put(row("made", "1", "bob"))).orElseThrow().owner())
                .isEqualTo(Directory.NOBODY);
        assertThat(on(directory.put(row("made", "1", Directory.NOBODY)))
                        .orElseThrow()
                        .owner())
                .isEqualTo("bob");
        assertThat(on(directory.bury("bob", true))).isEmpty();
        assertThat(on(elsewhere.remove("made", "1", Directory.NOBODY))).isPresent();
        assertThat(find("made", "1")).isEmpty();
    }

    @Test
    final void groupsAreThoseThatHaveRowsInTheOrderOfTheirNames() {
        beat("ada");
        beat("bob");
        put("room:b", "1", "ada");
        put("room:a", "1", "ada");
        put("room:a", "2", "bob");
        put("room:a!", "made", Directory.NOBODY);
        put("room:a-1", "1", "bob");
        put("room", "1", "bob");
        put("roon", "1", "bob");
        assertThat(groups("room:", 10)).containsExactly("room:a", "room:a!", "room:a-1", "room:b");
        assertThat(groups("room:", 1)).containsExactly("room:a", "room:a!", "room:a-1", "room:b");
        assertThat(groups("room:", 2)).containsExactly("room:a", "room:a!", "room:a-1", "room:b");
        on(directory.remove("room:a", "1", "ada"));
        assertThat(groups("room:", 10)).contains("room:a");
        on(directory.remove("room:a", "2", "bob"));
        assertThat(groups("room:", 10)).containsExactly("room:a!", "room:a-1", "room:b");
        on(directory.bury("bob", true));
        assertThat(groups("room:", 10)).containsExactly("room:a!", "room:b");
        assertThat(groups("roo", 10)).containsExactly("room:a!", "room:b");
        on(directory.remove("room:a!", "made", Directory.NOBODY));
        on(directory.bury("ada", true));
        assertThat(groups("r", 10)).isEmpty();
    }

    @Test
    final void rowsKeepTheirBytesGroupAndMember() {
        byte[] all = new byte[256];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }
        beat("ada:1.x-2");
        for (String member : List.of("m", "m|n", "a:b", "a/b", "{a}", "a b", "é", "日本", "\"", "m*")) {
            on(directory.put(new Row("room:lobby", member, "ada:1.x-2", all)));
            Row found = on(elsewhere.find("room:lobby", member)).orElseThrow();
            assertThat(found.group()).isEqualTo("room:lobby");
            assertThat(found.member()).isEqualTo(member);
            assertThat(found.owner()).isEqualTo("ada:1.x-2");
            assertThat(found.data()).isEqualTo(all);
        }
        on(directory.put(new Row("room:lobby", "empty", "ada:1.x-2", new byte[0])));
        assertThat(find("room:lobby", "empty").orElseThrow().data()).isEmpty();
        assertThat(find("room", "lobby:m")).isEmpty();
        assertThat(on(directory.bury("ada:1.x-2", true))).hasSize(11);
    }

    @Test
    final void pagesListEveryRowOfAGroupAndNoOther() {
        beat("ada");
        Set<String> members = new HashSet<>();
        for (int i = 0; i < 500; i++) {
            put("big", "m" + i, "ada");
            members.add("m" + i);
        }
        put("big:2", "other", "ada");
        Set<String> listed = new HashSet<>();
        Optional<String> cursor = Optional.empty();
        int pages = 0;
        do {
            Page<Row> page = on(elsewhere.page("big", cursor, 50));
            page.items().forEach(row -> {
                assertThat(row.group()).isEqualTo("big");
                assertThat(row.owner()).isEqualTo("ada");
                assertThat(new String(row.data(), UTF_8)).isEqualTo("data of " + row.member());
                listed.add(row.member());
            });
            cursor = page.next();
            put("passing", "p" + pages, "ada");
            assertThat(++pages).as("pages").isLessThan(1000);
        } while (cursor.isPresent());
        assertThat(listed).isEqualTo(members);
        assertThat(pages).isGreaterThan(1);
        assertThat(on(directory.page("none", Optional.empty(), 50)).items()).isEmpty();
    }

    @Test
    final void countsCountRowsAndAnUnknownGroupHasNone() {
        beat("ada");
        put("a", "1", "ada");
        put("a", "2", "ada");
        put("a", "2", "ada");
        put("b", "1", "ada");
        assertThat(on(elsewhere.counts(Set.of("a", "b", "none"))))
                .containsEntry("a", 2L)
                .containsEntry("b", 1L)
                .containsEntry("none", 0L);
        assertThat(on(directory.counts(Set.of()))).isEmpty();
    }

    @Test
    final void twoNamespacesSeeNothingOfEachOther() {
        Directory other = openElsewhere().directory().orElseThrow();
        beat("ada");
        put("nodes", "1", "ada");
        assertThat(on(other.beat("bob", LEASE, 0)).alive()).contains(Set.of("bob"));
        assertThat(on(other.find("nodes", "1"))).isEmpty();
        assertThat(on(other.bury("ada", true))).isEmpty();
        assertThat(on(other.counts(Set.of("nodes")))).containsEntry("nodes", 0L);
        assertThat(beat("ada").alive()).contains(Set.of("ada"));
    }

    private List<String> groups(String prefix, int limit) {
        List<String> listed = new ArrayList<>();
        Optional<String> cursor = Optional.empty();
        do {
            Page<String> page = on(elsewhere.groups(prefix, cursor, limit));
            assertThat(page.items()).hasSizeLessThanOrEqualTo(limit);
            listed.addAll(page.items());
            cursor = page.next();
        } while (cursor.isPresent());
        return listed;
    }
}
