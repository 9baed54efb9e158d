package io.covey.cluster.redis.driver;

import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** A link over a line: sends what is to be sent at each connect and passes on what is pushed. */
final class ReconnectingLink implements RedisLink, Line.Events {
    private final LinkSpec spec;
    private final Line.Target target;
    private final Line line;
    private final Runnable onClose;
    private volatile boolean up;

    ReconnectingLink(Io io, Line.Target target, LinkSpec spec, Consumer<ReconnectingLink> onClose) {
        this.spec = spec;
        this.target = target;
        this.onClose = () -> onClose.accept(this);
        this.line = new Line(io, target, this);
        line.start();
    }

    @Override
    public CompletionStage<Object> send(RedisCommand command) {
        return Replies.single(line.send(List.of(command)).whenComplete((replies, failure) -> {
            if (failure == null && replies.get(0) instanceof RedisError error) {
                target.refused(error);
                if (RedisCommand.onlyPushesAnswer(command.name())) {
                    spec.listener().onRefused(command, error);
                }
                follow();
            }
        }));
    }

    /** Connects again if what this link is for has got another server. */
    void follow() {
        if (line.up() && target.hasMoved()) {
            line.reconnect("its slot has moved to another master");
        }
    }

    @Override
    public void reconnect() {
        line.reconnect(Reason.ON_DEMAND);
    }

    @Override
    public void close() {
        line.close();
        onClose.run();
    }

    @Override
    public void onUp(Session session) {
        // Asked while commands are already taken: what is subscribed meanwhile is either in the list or sent by itself.
        List<RedisCommand> commands = spec.onConnect().get();
        if (commands.isEmpty()) {
            announce();
            return;
        }
        session.send(commands).whenComplete((replies, failure) -> {
            if (failure != null) {
                session.onClosed("its first commands had no answer"); // if it is not what ended them
            } else {
                for (int i = 0; i < commands.size(); i++) {
                    if (replies.get(i) instanceof RedisError error) {
                        target.refused(error);
                        spec.listener().onRefused(commands.get(i), error);
                        session.reject("refused: " + error.message());
                        return;
                    }
                }
                line.during(session, this::announce);
            }
        });
    }

    private void announce() {
        up = true;
        spec.listener().onUp();
    }

    @Override
    public void onDown(Session session, String reason) {
        if (up) {
            up = false;
            spec.listener().onDown(reason);
        }
    }

    @Override
    public void onPush(Session session, String kind, List<Object> elements) {
        spec.listener().onPush(kind, elements);
    }
}
