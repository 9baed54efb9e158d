package io.covey.cluster.redis.driver;

import java.io.EOFException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Optional;
import javax.net.ssl.SSLException;

/** What went wrong with an encrypted connection, and what to do about it. */
final class TlsReason {
    private TlsReason() {}

    /** In one line; empty if it was something else. */
    static Optional<String> of(Throwable thrown) {
        Throwable cause = thrown;
        for (int depth = 0; cause != null && depth < 20; depth++) {
            Optional<String> reason = one(cause, firstLine(cause));
            if (reason.isPresent()) {
                return reason;
            }
            cause = cause.getCause();
        }
        return Optional.empty();
    }

    private static Optional<String> one(Throwable cause, String text) {
        if (cause instanceof CertificateExpiredException) {
            return Optional.of("its certificate has expired (" + text + "): have it renewed");
        }
        if (cause instanceof CertificateNotYetValidException) {
            return Optional.of("its certificate is not valid yet (" + text + "): one of the two clocks is wrong");
        }
        if (cause instanceof CertificateException
                && (text.contains("subject alternative") || text.contains("No name matching"))) {
            return Optional.of("its certificate is not for this host (" + text
                    + "): write a host that it names, or have one issued for this one");
        }
        if (text.contains("unable to find valid certification path") || text.contains("trust anchors")) {
            return Optional.of("its certificate is not signed by anybody who is trusted here (" + text
                    + "): name the file of its CA with ?ca=FILE or COVEY_TLS_CA");
        }
        if (cause instanceof SSLException
                && (text.contains("certificate_required") || text.contains("bad_certificate"))) {
            return Optional.of("it wants a certificate of this side (" + text
                    + "): name one with ?cert=FILE&key=FILE or COVEY_TLS_CERT and COVEY_TLS_KEY");
        }
        if (cause instanceof SSLException && text.contains("unknown_ca")) {
            return Optional.of("it does not trust who signed the certificate of this side (" + text + ")");
        }
        boolean noRecord = cause.getClass().getSimpleName().equals("NotSslRecordException");
        if (noRecord || cause instanceof SSLException && text.contains("Unsupported or unrecognized SSL message")) {
            return Optional.of("it does not speak TLS on this port: write redis:// or its tls-port");
        }
        if (cause instanceof SSLException && cause.getCause() instanceof EOFException) {
            return Optional.of("it closed the connection before TLS was agreed on");
        }
        return Optional.empty();
    }

    private static String firstLine(Throwable cause) {
        return cause.getMessage() == null
                ? ""
                : cause.getMessage().strip().lines().findFirst().orElse("");
    }
}
