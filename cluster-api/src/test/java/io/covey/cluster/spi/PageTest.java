package io.covey.cluster.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PageTest {
    private final List<Optional<String>> asked = new ArrayList<>();

    /** Three, of which the second is empty. */
    private Page<Integer> page(Optional<String> cursor) {
        asked.add(cursor);
        int first = cursor.map(Integer::parseInt).orElse(0);
        return new Page<>(
                first == 2 ? List.of() : List.of(first, first + 1),
                first < 4 ? Optional.of(Integer.toString(first + 2)) : Optional.empty());
    }

    @Test
    void allPagesAreReadOnceAndInOrder() {
        assertThat(Page.stream(this::page)).containsExactly(0, 1, 4, 5);
        assertThat(asked).containsExactly(Optional.empty(), Optional.of("2"), Optional.of("4"));
    }

    @Test
    void aPageIsAskedForWhenThoseBeforeItAreUsedUp() {
        Iterator<Integer> items = Page.stream(this::page).iterator();
        assertThat(asked).isEmpty();
        assertThat(items.next() + items.next()).isEqualTo(1);
        assertThat(asked).hasSize(1);
        assertThat(items.next()).isEqualTo(4);
        assertThat(asked).hasSize(3);
        assertThat(Page.stream(this::page).findFirst()).contains(0);
        assertThat(asked).hasSize(4);
    }

    @Test
    void whatAPageThrowsTheStreamThrows() {
        IllegalStateException closed = new IllegalStateException("closed");
        assertThatThrownBy(() -> Page.stream(cursor -> {
                            throw closed;
                        })
                        .toList())
                .isSameAs(closed);
    }
}
