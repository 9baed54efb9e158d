package io.covey.cluster.redis;

import io.covey.cluster.Cluster;
import io.covey.cluster.Registration;
import io.covey.cluster.redis.ActionheroTally.Kind;
import io.covey.cluster.redis.ActionheroWire.Do;
import io.covey.cluster.spi.Await;
import io.covey.cluster.spi.Names;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What others may call here: what is listed, and nothing else. */
final class ActionheroMethods {
    private static final Logger LOG = LoggerFactory.getLogger(ActionheroMethods.class);

    /** actionhero 9 evaluates what it is told to call, 29 ends if it does not begin with api. */
    private static final Pattern NAME = Pattern.compile("api(\\.[A-Za-z_$][A-Za-z0-9_$]{0,127}){1,8}");

    private final Cluster cluster;
    private final ActionheroWire wire;
    private final ActionheroTally tally;
    private final Executor executor;
    private final Predicate<String> held;
    private final Function<byte[], CompletionStage<Object>> publish;
    private final Map<String, ActionheroBridge.Handler> handlers = new ConcurrentHashMap<>();

    /**
     * @param held whether we hold a connection
     */
    ActionheroMethods(
            Cluster cluster,
            ActionheroWire wire,
            ActionheroTally tally,
            Executor executor,
            Predicate<String> held,
            Function<byte[], CompletionStage<Object>> publish) {
        this.cluster = cluster;
        this.wire = wire;
        this.tally = tally;
        this.executor = executor;
        this.held = held;
        this.publish = publish;
    }

    static String checked(String method) {
        if (!NAME.matcher(method).matches()) {
            throw new IllegalArgumentException(
                    "actionhero: a method is api.NAME or api.NAME.NAME, up to eight names of letters, digits, _ and $,"
                            + " was \"" + Names.printable(method) + "\"");
        }
        return method;
    }

    Registration serve(String method, ActionheroBridge.Handler handler) {
        if (handlers.putIfAbsent(checked(method), handler) != null) {
            throw new IllegalArgumentException("actionhero: " + method + " is served already");
        }
        return () -> handlers.remove(method, handler);
    }

    /**
     * @param done to be run when the question is out of memory
     */
    void take(Do question, Runnable done) {
        if (question.connection().filter(id -> !held.test(id)).isPresent()) {
            done.run();
            return;
        }
        ActionheroBridge.Handler handler = handlers.get(question.method());
        if (handler == null) {
            done.run();
            if (!question.server().equals(wire.server())) {
                tally.count(
                        Kind.REFUSED,
                        Names.printable(question.server()) + " calls " + Names.printable(question.method())
                                + ", which is not served here");
            }
            return;
        }
        try {
            executor.execute(() -> {
                try {
                    run(question, handler);
                } finally {
                    done.run();
                }
            });
        } catch (RejectedExecutionException e) {
            done.run();
            tally.count(
                    Kind.OVERFLOWED,
                    ActionheroThreads.WAITING_CALLS + " calls are waiting, the most; " + question.method()
                            + " is not run");
        }
    }

    /** Whatever a handler throws ends here: actionhero has no answer for it, the caller waits for its timeout. */
    private void run(Do question, ActionheroBridge.Handler handler) {
        byte[] answer;
        try {
            Object result = handler.handle(request(question));
            answer = wire.answer(
                    question, ActionheroValue.tree(cluster, result, "the answer to actionhero's " + question.method()));
        } catch (Throwable e) {
            tally.count(Kind.FAILED);
            if (tally.mayLog(Kind.FAILED)) {
                LOG.warn(
                        "The handler of actionhero's {} failed; {} hears nothing of it ({} so far)",
                        question.method(),
                        Names.printable(question.server()),
                        tally.of(Kind.FAILED),
                        e);
            }
            return;
        }
        tally.count(Kind.SERVED);
        Await.caught(() -> publish.apply(answer)).whenComplete((reply, thrown) -> {
            if (thrown != null) {
                LOG.warn(
                        "The answer to actionhero's {} is lost: {}",
                        question.method(),
                        Await.unwrap(thrown).getMessage());
            }
        });
    }

    private ActionheroBridge.Request request(Do question) {
        List<ActionheroValue> args = new ArrayList<>();
        for (@Nullable Object arg : question.args()) {
            args.add(new ActionheroValue(
                    cluster, arg, "argument " + args.size() + " of actionhero's " + question.method()));
        }
        return new ActionheroBridge.Request(
                question.method(), List.copyOf(args), question.connection(), question.server());
    }
}
