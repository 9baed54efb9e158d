package io.covey.cluster.core.members;

import io.covey.cluster.Node;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Tells a listener who leads if it was not told so already. Called one at a time. */
final class LeaderWatch {
    private final Supplier<Node> leader;
    private final Consumer<Node> listener;
    private @Nullable Node told;

    LeaderWatch(Supplier<Node> leader, Consumer<Node> listener) {
        this.leader = leader;
        this.listener = listener;
    }

    void look() {
        Node now = leader.get();
        if (!now.equals(told)) {
            told = now;
            listener.accept(now);
        }
    }
}
