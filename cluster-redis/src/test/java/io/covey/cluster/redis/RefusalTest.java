package io.covey.cluster.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.covey.cluster.redis.driver.RedisError;
import org.junit.jupiter.api.Test;

final class RefusalTest {

    @Test
    void whatTheServerDidNotExecuteMayBeTriedAgain() {
        for (String code :
                new String[] {"LOADING", "MASTERDOWN", "TRYAGAIN", "CLUSTERDOWN", "READONLY", "NOREPLICAS", "BUSY"}) {
            assertThat(Refusal.isForNow(new RedisError(code + " for some reason")))
                    .isTrue();
        }
        for (String text :
                new String[] {"OOM no", "WRONGTYPE no", "NOSCRIPT no", "BUSYKEY no", "ERR no", "NOPERM no"}) {
            assertThat(Refusal.isForNow(new RedisError(text))).as(text).isFalse();
        }
    }

    @Test
    void anErrorInsideAScriptOfRedis62IsRecognised() {
        RedisError memory = new RedisError("ERR Error running script (call to f_ab12): @user_script:3: @user_script: 3:"
                + " -OOM command not allowed when used memory > 'maxmemory'.");
        assertThat(Refusal.isOutOfMemory(memory)).isTrue();
        RedisError replica =
                new RedisError("ERR Error running script (call to f_ab12): @user_script:3: @user_script: 3:"
                        + " -READONLY You can't write against a read only replica.");
        assertThat(Refusal.isForNow(replica)).isTrue();
        assertThat(Refusal.isOutOfMemory(new RedisError("OOM command not allowed")))
                .isTrue();
    }

    @Test
    void redis62SaysInsideItsOwnTextThatAKeyIsOfAnotherKind() {
        RedisError error =
                new RedisError("ERR Error running script (call to f_ab12): @user_script:7: WRONGTYPE Operation "
                        + "against a key holding the wrong kind of value");
        assertThat(Refusal.code(error)).isEqualTo("WRONGTYPE");
    }
}
