package io.covey.cluster.redis.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import org.junit.jupiter.api.Test;

final class ReasonTest {

    @Test
    void whatANativeTransportPutsBeforeTheWordsOfTheSystemIsLeftOut() {
        IOException reset = new IOException("recvAddress(..) failed with error(-104): Connection reset by peer");
        assertThat(Reason.of(new IllegalStateException(reset))).isEqualTo("Connection reset by peer");
        assertThat(Reason.of(new ConnectException("finishConnect(..) failed with error(-111): Connection refused")))
                .isEqualTo("connection refused");
    }

    /** Epoll says nothing of it, the JDK does. */
    @Test
    void aHostWithoutARouteReadsTheSameByEveryTransport() {
        assertThat(Reason.of(new NoRouteToHostException())).isEqualTo("no route to the host");
        assertThat(Reason.of(new NoRouteToHostException("No route to host"))).isEqualTo("no route to the host");
    }
}
