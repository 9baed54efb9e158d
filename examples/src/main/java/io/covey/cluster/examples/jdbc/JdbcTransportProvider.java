package io.covey.cluster.examples.jdbc;

import io.covey.cluster.spi.Transport;
import io.covey.cluster.spi.TransportConfig;
import io.covey.cluster.spi.TransportProvider;
import java.util.Set;

/** Opens {@code jdbc:} URLs. */
public final class JdbcTransportProvider implements TransportProvider {

    /** For {@link java.util.ServiceLoader}. */
    public JdbcTransportProvider() {}

    @Override
    public String artifact() {
        return "io.covey:examples";
    }

    @Override
    public Set<String> schemes() {
        return Set.of("jdbc");
    }

    @Override
    public Transport open(TransportConfig config) {
        return JdbcTransport.open(config);
    }
}
