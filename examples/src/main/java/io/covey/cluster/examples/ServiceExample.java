package io.covey.cluster.examples;

import io.covey.cluster.Cluster;
import io.covey.cluster.ClusterConfig;
import io.covey.cluster.rpc.CallContext;
import io.covey.cluster.rpc.Rpc;
import io.covey.cluster.rpc.RpcException;
import io.covey.cluster.rpc.RpcMethod;
import io.covey.cluster.rpc.RpcService;
import io.covey.cluster.rpc.Target;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** An interface that one node implements and another calls. Needs COVEY_TOKEN unless local. */
public final class ServiceExample {

    record Item(String name, int cents) {}

    @RpcService("shop")
    interface Shop {
        @RpcMethod(idempotent = true, timeoutMillis = 2000)
        int price(List<Item> items, int percentOff);

        CompletableFuture<Item> find(String name);

        void order(Item item);
    }

    record SmallShop(PrintStream out) implements Shop {
        @Override
        public int price(List<Item> items, int percentOff) {
            return items.stream().mapToInt(Item::cents).sum() * (100 - percentOff) / 100;
        }

        @Override
        public CompletableFuture<Item> find(String name) {
            return CompletableFuture.supplyAsync(() -> new Item(name, 250));
        }

        @Override
        public void order(Item item) {
            if (item.cents() > 10_000) {
                throw new IllegalArgumentException("too expensive");
            }
            CallContext call = CallContext.current().orElseThrow();
            out.println(
                    "ordered: " + item.name() + ", traced: " + call.headers().containsKey("traceparent"));
        }
    }

    public static void main(String[] args) throws Exception {
        run(ClusterConfig.builder(args.length > 0 ? args[0] : "local:"), System.out);
    }

    static void run(ClusterConfig.Builder config, PrintStream out) throws Exception {
        try (Cluster here = Cluster.join(config.name("here").build());
                Cluster there = Cluster.join(config.name("there").build())) {
            Rpc.on(there).serve(Shop.class, new SmallShop(out));
            there.owners().hold("shop", "berlin", Map.of());
            here.members().refresh(); // knows the other node now, not at the next beat

            Shop shop = Rpc.on(here).proxy(Shop.class, Target.any());
            out.println("price: " + shop.price(List.of(new Item("tea", 300), new Item("cake", 200)), 10));
            out.println("found: " + shop.find("milk").get());

            Shop berlin = Rpc.on(here)
                    .withHeaders(Map.of("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"))
                    .proxy(Shop.class, Target.owner("shop", "berlin"));
            berlin.order(new Item("tea", 300));
            try {
                berlin.order(new Item("yacht", 99_999_999));
            } catch (RpcException e) {
                out.println(e.reason() + " by " + e.remoteType().orElseThrow());
            }
        }
    }

    private ServiceExample() {}
}
