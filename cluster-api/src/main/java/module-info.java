/**
 * What applications and backends compile against: interfaces, records and exceptions, with no dependency.
 *
 * <p>{@link io.covey.cluster} is for applications, {@link io.covey.cluster.spi} for those who write a transport.
 */
module io.covey.cluster.api {
    requires static transitive org.jspecify;

    exports io.covey.cluster;
    exports io.covey.cluster.spi;

    uses io.covey.cluster.spi.NodeProvider;
    uses io.covey.cluster.spi.TransportProvider;
}
