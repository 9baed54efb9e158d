package io.covey.cluster.tck;

import io.covey.cluster.Gap;
import io.covey.cluster.Topic;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What a subscriber to a topic was told, in words. */
class TopicLog implements Topic.Listener<String> {
    final List<String> lines = new CopyOnWriteArrayList<>();

    @Override
    public void onMessage(String channel, String message) {
        lines.add(message);
    }

    @Override
    public final void onGap(Gap gap) {
        lines.add("gap of "
                + (gap.missed().isPresent() ? Long.toString(gap.missed().getAsLong()) : "?"));
    }

    @Override
    public final void onEnd(String reason) {
        lines.add("end");
    }
}
