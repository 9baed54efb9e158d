package io.covey.cluster.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TraceParentTest {

    @ParameterizedTest
    @CsvSource({
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01, true",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-03, true",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-10, false",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00, false",
        "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more, true",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01more, false",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0g, false",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01, false",
        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01, false",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-, false",
        "x, false",
        "'', false",
        ", false"
    })
    void aHeaderOfAnotherFormIsNotSampled(String header, boolean sampled) {
        assertThat(TraceParent.isSampled(header)).isEqualTo(sampled);
    }
}
