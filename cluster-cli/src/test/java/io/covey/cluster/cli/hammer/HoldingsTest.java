package io.covey.cluster.cli.hammer;

import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.cli.hammer.Holdings.Holding;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The judge: it finds what is wrong, and accuses nobody else. */
final class HoldingsTest {

    private static Holdings of(Holding... all) {
        return new Holdings(List.of(all));
    }

    private static Holding held(long fence, long began, long from, long proved) {
        return new Holding("p" + fence, fence, began, from, proved);
    }

    @Test
    void oneAfterTheOtherIsAsItShouldBe() {
        Holdings holdings = of(held(7, 0, 1, 5), held(8, 2, 5, 9), held(12, 9, 10, 10), held(13, 3, 11, 12));
        assertThat(holdings.overlaps(1)).isEmpty();
        assertThat(holdings.outlived()).isEmpty();
        assertThat(holdings.fencesThatDoNotGrow()).isEmpty();
    }

    @Test
    void aHolderWhoBelievesInItsLeaseAfterTheNextHasBegunIsFound() {
        Holdings holdings = of(held(7, 0, 1, 20), held(8, 2, 5, 9));
        assertThat(holdings.overlaps(1)).hasSize(1);
        assertThat(holdings.outlived()).hasSize(1);
        assertThat(holdings.fencesThatDoNotGrow()).isEmpty();
    }

    @Test
    void anOldHolderWhoIsNotTheLastBeforeIsFoundToo() {
        Holdings holdings = of(held(7, 0, 1, 20), held(8, 2, 5, 5), held(9, 2, 6, 7));
        assertThat(holdings.outlived()).hasSize(2);
        assertThat(holdings.overlaps(1)).hasSize(1);
    }

    @Test
    void aHolderWhoWasStoppedBeforeItKnewIsInnocent() {
        Holdings holdings = of(held(7, 0, 30, 30), held(8, 2, 5, 9));
        assertThat(holdings.overlaps(1)).isEmpty();
        assertThat(holdings.outlived()).isEmpty();
        assertThat(holdings.fencesThatDoNotGrow()).isEmpty();
    }

    @Test
    void fencesThatAreGivenTwiceOrFallAreFound() {
        assertThat(of(held(7, 0, 1, 2), held(7, 3, 4, 5)).fencesThatDoNotGrow()).isNotEmpty();
        assertThat(of(held(8, 0, 1, 2), held(7, 3, 4, 5)).fencesThatDoNotGrow()).hasSize(1);
        assertThat(of(held(9, 0, 1, 2), held(10, 2, 3, 4), held(8, 5, 6, 7)).fencesThatDoNotGrow())
                .hasSize(1);
    }

    @Test
    void theLongestTimeWithoutAHolderIsFound() {
        assertThat(of(held(7, 0, 1, 5), held(8, 2, 9, 20), held(9, 2, 23, 24)).longestGap())
                .isEqualTo(Duration.ofNanos(4));
        assertThat(of().longestGap()).isZero();
    }

    @Test
    void oneMoreThanThePermitsIsFound() {
        Holding ada = new Holding("ada", 0, 0, 1, 10);
        Holding bob = new Holding("bob", 0, 0, 2, 8);
        Holding eve = new Holding("eve", 0, 0, 9, 12);
        assertThat(of(ada, bob, eve).overlaps(2)).isEmpty();
        assertThat(of(ada, bob, eve).overlaps(1)).hasSize(2);
        assertThat(of(ada, bob, eve, new Holding("tom", 0, 0, 3, 4)).overlaps(2))
                .hasSize(1);
    }

    @Test
    void whatIsWrittenIsRead(@TempDir Path folder) throws Exception {
        HoldingsFile file = new HoldingsFile(folder.resolve("ada" + Holdings.SUFFIX));
        file.held(1, 7, 100, 101);
        file.proved(1, 105);
        file.proved(1, 109);
        file.held(2, 8, 110, 111);
        assertThat(Holdings.in(folder).all())
                .containsExactlyInAnyOrder(new Holding("ada", 7, 100, 101, 109), new Holding("ada", 8, 110, 111, 111));
    }

    @Test
    void theResourceRefusesOlderFencesAndNoticesAnUpdateThatWasLost() throws Exception {
        try (FencedResource resource = new FencedResource()) {
            FencedResource.Client ada = new FencedResource.Client(resource.port(), "ada");
            FencedResource.Client bob = new FencedResource.Client(resource.port(), "bob");
            assertThat(ada.read(1)).isEqualTo("0");
            assertThat(bob.read(2)).isEqualTo("0");
            assertThat(ada.write(1, 1)).isFalse();
            assertThat(bob.write(2, 1)).isTrue();
            assertThat(ada.read(1)).isEqualTo(FencedResource.OLD);
            assertThat(resource.refused()).isEqualTo(2);
            assertThat(resource.violations()).isEmpty();
            assertThat(resource.holder()).isEqualTo("bob");
            assertThat(ada.write(3, 1)).isTrue();
            assertThat(resource.violations()).hasSize(1);
            bob.read(3);
            assertThat(resource.violations()).hasSize(2);
        }
    }
}
