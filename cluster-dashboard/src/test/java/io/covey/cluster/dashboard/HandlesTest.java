package io.covey.cluster.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class HandlesTest {
    private final Handles handles = new Handles();

    @Test
    void thingsOfTwoKindsThatAreCalledAlikeAreTwo() {
        byte[] name = Secrets.bytes("mail");
        String stored = handles.of(new Stored("mail", "1"), name);
        String text = handles.of("mail", name);
        assertThat(stored).isNotEqualTo(text).isEqualTo(handles.of(new Stored("mail", "1"), name));
        assertThat(handles.find(stored, Stored.class)).isEqualTo(new Stored("mail", "1"));
        assertThat(handles.find(text, String.class)).isEqualTo("mail");
        assertThatThrownBy(() -> handles.find(text, Stored.class)).isInstanceOf(IllegalArgumentException.class);
    }
}
