package io.covey.cluster.dashboard;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Makes the pictures of the documentation, where somebody says into which folder. */
@Tag("long")
@Timeout(900)
final class PicturesTest {

    @Test
    @EnabledIfSystemProperty(
            named = "covey.pictures",
            matches = ".+",
            disabledReason = "no folder for pictures was named")
    void picturesAreTaken() throws Exception {
        Pictures.main(new String[] {System.getProperty("covey.pictures"), "150"});
    }
}
