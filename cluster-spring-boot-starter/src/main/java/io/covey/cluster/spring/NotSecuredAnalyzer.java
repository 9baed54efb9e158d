package io.covey.cluster.spring;

import io.covey.cluster.NotSecuredException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says what to do when calls are wanted and there is no server token. */
final class NotSecuredAnalyzer extends AbstractFailureAnalyzer<NotSecuredException> {

    @Override
    protected FailureAnalysis analyze(Throwable root, NotSecuredException failure) {
        return new FailureAnalysis(
                failure.getMessage(),
                "Calls between nodes are signed. Set covey.token-file to a file with a long random value, the same on every "
                        + "node (head -c 32 /dev/urandom | base64 > covey.token), or covey.token to the value itself",
                failure);
    }
}
