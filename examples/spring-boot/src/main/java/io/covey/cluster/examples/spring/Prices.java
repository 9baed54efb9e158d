package io.covey.cluster.examples.spring;

import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.stereotype.Service;

/** What things cost. Whoever asks first works it out, for all nodes. */
@Service
public class Prices {
    private final AtomicInteger asked = new AtomicInteger();

    @Cacheable(value = "prices", sync = true)
    public int of(String item) {
        asked.incrementAndGet(); // Imagine a slow supplier here.
        return item.length() * 100;
    }

    @CacheEvict("prices")
    public void forget(String item) {}

    /** How often this node had to work a price out. */
    public int asked() {
        return asked.get();
    }
}
