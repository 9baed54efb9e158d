package io.covey.cluster.tck;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.History;
import io.covey.cluster.Position;
import io.covey.cluster.Start;
import io.covey.cluster.spi.ChannelPattern;
import io.covey.cluster.spi.Delivery;
import io.covey.cluster.spi.HistoryPage;
import io.covey.cluster.spi.Kept;
import io.covey.cluster.spi.MessageBus;
import io.covey.cluster.spi.Place;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a {@link MessageBus} promises of the histories of its channels. */
public abstract class HistoryContract extends TransportContract {
    private static final String CHANNEL = "/a/b";
    private static final History HUNDRED = History.last(100);
    private static final int ALL = 1000;

    private MessageBus bus;
    private MessageBus elsewhere;

    @BeforeEach
    final void openBuses() {
        bus = open().bus().orElseThrow();
        elsewhere = open().bus().orElseThrow();
    }

    @Test
    final void whatIsPublishedWithAHistoryIsHeardAndReadAtTheSamePlace() {
        Recorder recorder = new Recorder();
        subscribe(CHANNEL, recorder);
        for (int i = 0; i < 20; i++) {
            assertThat(publish("m" + i, HUNDRED)).isNotEqualTo(Delivery.NONE);
        }
        eventually().until(() -> recorder.heard.size() == 20);
        HistoryPage page = read(Start.last(50), ALL);
        assertThat(texts(page)).isEqualTo(messages(0, 20)).isEqualTo(recorder.texts());
        assertThat(page.messages()).extracting(Kept::place).isEqualTo(recorder.places);
        assertThat(page.complete()).isTrue();
        assertThat(page.more()).isFalse();
        assertThat(page.newest()).isEqualTo(recorder.places.get(19).position());
    }

    @Test
    final void everyMessageNamesTheOneBeforeItWhoeverPublishes() throws Exception {
        Recorder recorder = new Recorder();
        subscribe(CHANNEL, recorder);
        int each = 100;
        History all = History.last(1000);
        Race.of(4, number -> {
            List<CompletionStage<Delivery>> sent = new ArrayList<>();
            for (int i = 0; i < each; i++) {
                sent.add((number % 2 == 0 ? bus : elsewhere).publish(CHANNEL, bytes(number + ":m" + i), all));
            }
            sent.forEach(TransportContract::on);
            return number;
        });
        eventually().until(() -> recorder.heard.size() == 4 * each);
        long before = 0;
        for (Place place : recorder.places) {
            assertThat(place.previous()).isEqualTo(before);
            assertThat(place.offset()).isGreaterThan(before);
            before = place.offset();
        }
        for (int number = 0; number < 4; number++) {
            String publisher = number + ":";
            assertThat(recorder.texts().stream().filter(text -> text.startsWith(publisher)))
                    .as("in order, of publisher %s", number)
                    .containsExactlyElementsOf(IntStream.range(0, each)
                            .mapToObj(i -> publisher + "m" + i)
                            .toList());
        }
        assertThat(texts(read(Start.last(1000), ALL))).isEqualTo(recorder.texts());
    }

    @Test
    final void whoeverKnowsAPositionReadsWhatCameAfterIt() {
        Position nothing = read(Start.now(), ALL).newest();
        assertThat(read(Start.after(nothing), ALL).complete()).isTrue();
        for (int i = 0; i < 10; i++) {
            publish("m" + i, HUNDRED);
        }
        HistoryPage all = read(Start.after(nothing), ALL);
        assertThat(all.complete()).isTrue();
        assertThat(texts(all)).isEqualTo(messages(0, 10));
        HistoryPage some = read(Start.after(all.messages().get(3).place().position()), ALL);
        assertThat(some.complete()).isTrue();
        assertThat(texts(some)).isEqualTo(messages(4, 10));
        HistoryPage none = read(Start.after(all.newest()), ALL);
        assertThat(none.complete()).isTrue();
        assertThat(none.messages()).isEmpty();
        assertThat(none.newest()).isEqualTo(all.newest());
        assertThat(read(Start.now(), ALL).newest()).isEqualTo(all.newest());
    }

    @Test
    final void aHistoryIsReadPageByPage() {
        for (int i = 0; i < 25; i++) {
            publish("m" + i, HUNDRED);
        }
        List<String> read = new ArrayList<>();
        HistoryPage page = read(Start.last(23), 10);
        for (;
                page.more();
                page = read(Start.after(page.messages().get(9).place().position()), 10)) {
            assertThat(page.complete()).isTrue();
            assertThat(page.messages()).hasSize(10);
            read.addAll(texts(page));
        }
        read.addAll(texts(page));
        assertThat(read).isEqualTo(messages(2, 25));
    }

    @Test
    final void onlyTheNewestAreKeptAndWhoIsFurtherBehindIsToldSo() {
        Position start = read(Start.now(), ALL).newest();
        History three = History.last(3);
        publish("m0", three);
        Position first = read(Start.now(), ALL).newest();
        for (int i = 1; i < 4; i++) {
            publish("m" + i, three);
        }
        HistoryPage reached = read(Start.after(first), ALL);
        assertThat(reached.complete()).isTrue();
        assertThat(texts(reached)).isEqualTo(messages(1, 4));
        HistoryPage missed = read(Start.after(start), ALL);
        assertThat(missed.complete()).isFalse();
        assertThat(texts(missed)).isEqualTo(messages(1, 4));
        publish("m4", three);
        assertThat(read(Start.after(first), ALL).complete()).isFalse();
    }

    @Test
    final void aPositionOfAnotherHistoryIsNeverComplete() {
        publish("m0", HUNDRED);
        Position here = read(Start.now(), ALL).newest();
        HistoryPage other = read(Start.after(new Position("other", here.offset())), ALL);
        assertThat(other.complete()).isFalse();
        assertThat(texts(other)).containsExactly("m0");
        HistoryPage ahead = read(Start.after(new Position(here.epoch(), here.offset() + 1)), ALL);
        assertThat(ahead.complete()).isFalse();
        assertThat(ahead.messages()).isEmpty();
        assertThat(ahead.newest()).isEqualTo(here);
    }

    @Test
    final void aMessageThatIsTooOldIsNotReadAnyMore() {
        History second = HUNDRED.within(Duration.ofSeconds(1));
        Position start = read(Start.now(), ALL).newest();
        publish("old", second);
        Position old = read(Start.now(), ALL).newest();
        backend().elapse(Duration.ofMillis(1100));
        assertThat(read(Start.last(10), ALL).messages()).isEmpty();
        assertThat(read(Start.after(start), ALL).complete()).isFalse();
        assertThat(read(Start.after(old), ALL).complete()).isTrue();
        publish("new", HUNDRED);
        HistoryPage page = read(Start.after(old), ALL);
        assertThat(page.complete()).isTrue();
        assertThat(texts(page)).containsExactly("new");
    }

    @Test
    final void whatIsPublishedWithoutAHistoryIsHeardWithoutAPlaceAndNotKept() {
        Recorder recorder = new Recorder();
        subscribe(CHANNEL, recorder);
        publish("kept", HUNDRED);
        on(bus.publish(CHANNEL, bytes("plain")));
        publish("kept too", HUNDRED);
        eventually().until(() -> recorder.heard.size() == 3);
        assertThat(recorder.texts()).containsExactly("kept", "plain", "kept too");
        assertThat(recorder.places).hasSize(2);
        HistoryPage page = read(Start.last(10), ALL);
        assertThat(texts(page)).containsExactly("kept", "kept too");
        assertThat(page.messages().get(1).place().previous())
                .isEqualTo(page.messages().get(0).place().offset());
    }

    @Test
    final void patternsHearMessagesWithTheirPlaces() {
        Recorder star = new Recorder();
        Recorder all = new Recorder();
        subscribe("/a/*", star);
        subscribe("/**", all);
        publish("m0", HUNDRED);
        eventually().until(() -> star.heard.size() == 1 && all.heard.size() == 1);
        assertThat(star.heard.get(0).channel()).isEqualTo(CHANNEL);
        assertThat(star.places).isEqualTo(all.places).hasSize(1);
    }

    @Test
    final void messagesOfAHistoryAreAnyBytes() {
        byte[] all = new byte[1 << 16];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) (255 - i);
        }
        List<byte[]> messages = List.of(
                new byte[0], all, bytes("\n"), new byte[] {-1}, new byte[] {-1, 0}, new byte[] {-1, 1}, new byte[] {
                    -1, 1, 'e', ' ', '1', ' ', '2', '\n', 'x'
                });
        Recorder recorder = new Recorder();
        subscribe(CHANNEL, recorder);
        messages.forEach(message -> on(bus.publish(CHANNEL, message, HUNDRED)));
        messages.forEach(message -> on(bus.publish(CHANNEL, message)));
        eventually().until(() -> recorder.heard.size() == 2 * messages.size());
        List<Kept> kept = read(Start.last(10), ALL).messages();
        for (int i = 0; i < messages.size(); i++) {
            assertThat(recorder.heard.get(i).message()).isEqualTo(messages.get(i));
            assertThat(recorder.heard.get(messages.size() + i).message()).isEqualTo(messages.get(i));
            assertThat(kept.get(i).message()).isEqualTo(messages.get(i));
        }
        assertThat(recorder.places).hasSize(messages.size());
    }

    @Test
    final void longMessagesComeInSeveralPagesButCome() {
        byte[] long1 = new byte[700_000];
        for (int i = 0; i < 4; i++) {
            on(bus.publish(CHANNEL, long1, HUNDRED));
        }
        int read = 0;
        Start from = Start.last(4);
        for (HistoryPage page = read(from, ALL); ; page = read(from, ALL)) {
            assertThat(page.complete()).isTrue();
            read += page.messages().size();
            if (!page.more()) {
                break;
            }
            from = Start.after(
                    page.messages().get(page.messages().size() - 1).place().position());
        }
        assertThat(read).isEqualTo(4);
    }

    @Test
    final void channelsAndNamespacesHaveHistoriesOfTheirOwn() {
        publish("here", HUNDRED);
        on(bus.publish("/a/c", bytes("beside"), HUNDRED));
        MessageBus other = openElsewhere().bus().orElseThrow();
        on(other.publish(CHANNEL, bytes("there"), HUNDRED));
        assertThat(texts(read(Start.last(10), ALL))).containsExactly("here");
        assertThat(texts(on(elsewhere.read("/a/c", Start.last(10), ALL)))).containsExactly("beside");
        HistoryPage there = on(other.read(CHANNEL, Start.last(10), ALL));
        assertThat(texts(there)).containsExactly("there");
    }

    private void subscribe(String pattern, Recorder recorder) {
        on(elsewhere.subscribe(new ChannelPattern(pattern), recorder));
    }

    private Delivery publish(String message, History history) {
        return on(bus.publish(CHANNEL, bytes(message), history));
    }

    private HistoryPage read(Start start, int limit) {
        return on(elsewhere.read(CHANNEL, start, limit));
    }

    private static List<String> texts(HistoryPage page) {
        return page.messages().stream()
                .map(kept -> new String(kept.message(), UTF_8))
                .toList();
    }

    private static List<String> messages(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "m" + i).toList();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
