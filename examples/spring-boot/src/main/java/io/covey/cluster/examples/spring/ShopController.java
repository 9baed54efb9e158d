package io.covey.cluster.examples.spring;

import io.covey.cluster.Cluster;
import io.covey.cluster.Node;
import io.covey.cluster.rpc.Rpc;
import io.covey.cluster.rpc.Target;
import io.covey.cluster.tasks.TaskQueue;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** The shop as the web sees it. */
@RestController
public class ShopController {
    private final Cluster cluster;
    private final TaskQueue tasks;
    private final Rpc rpc;
    private final Prices prices;

    public ShopController(Cluster cluster, TaskQueue tasks, Rpc rpc, Prices prices) {
        this.cluster = cluster;
        this.tasks = tasks;
        this.rpc = rpc;
        this.prices = prices;
    }

    /** Takes an order; some node will make it up. */
    @PostMapping("/orders")
    @ResponseStatus(HttpStatus.ACCEPTED)
    public Order order(@RequestParam String item) {
        Order order = new Order(UUID.randomUUID().toString(), item);
        tasks.enqueue(Order.MAKE_UP, order);
        return order;
    }

    @GetMapping("/orders/{id}")
    public ResponseEntity<Order.Receipt> receipt(@PathVariable String id) {
        return ResponseEntity.of(cluster.cache("receipts", Order.Receipt.class).get(id));
    }

    @GetMapping("/prices/{item}")
    public int price(@PathVariable String item) {
        return prices.of(item);
    }

    /** Asks every node how much it has done. */
    @GetMapping("/nodes")
    public Map<String, Integer> nodes() {
        Map<String, Integer> madeUp = new TreeMap<>();
        for (Node node : cluster.members().list()) {
            madeUp.put(node.id(), rpc.proxy(Desk.class, Target.node(node.id())).madeUp());
        }
        return madeUp;
    }
}
