package io.covey.cluster.examples.spring;

import io.covey.cluster.Cache;
import io.covey.cluster.Cluster;
import io.covey.cluster.spring.HandlesTask;
import io.covey.cluster.spring.Subscribe;
import io.covey.cluster.tasks.TaskContext;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.stereotype.Component;

/** Makes orders up, one node each, and hears of what all nodes made up. */
@Component
public class Workshop implements Desk {
    private static final String DONE = "/orders/done";

    private final Cluster cluster;
    private final Prices prices;
    private final Cache<Order.Receipt> receipts;
    private final AtomicInteger madeUp = new AtomicInteger();
    private final List<String> heard = new CopyOnWriteArrayList<>();

    public Workshop(Cluster cluster, Prices prices) {
        this.cluster = cluster;
        this.prices = prices;
        this.receipts = cluster.cache("receipts", Order.Receipt.class);
    }

    @HandlesTask
    void makeUp(Order order, TaskContext task) {
        Order.Receipt receipt = new Order.Receipt(
                order.id(),
                order.item(),
                prices.of(order.item()),
                cluster.self().id());
        task.assertMine(); // Right before the effect: if the task is lost, somebody else has it.
        receipts.put(order.id(), receipt, Duration.ofHours(1));
        madeUp.incrementAndGet();
        cluster.topic(DONE, Order.Receipt.class).publish(receipt);
    }

    @Subscribe(DONE)
    void done(Order.Receipt receipt) {
        heard.add(receipt.order());
    }

    @Override
    public int madeUp() {
        return madeUp.get();
    }

    /** The orders that any node has made up since this one is there. */
    public List<String> heard() {
        return List.copyOf(heard);
    }
}
