package io.covey.cluster.redis.driver;

import io.covey.cluster.TransportException;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The files of an encrypted connection, in PEM. They are read at each connect, so that one that was replaced counts from
 * the next connection on. Host names are verified whatever stands here.
 *
 * @param ca the certificates of those who may sign the server's; empty for the trust store of the JDK
 * @param certificate what this side shows if the server asks; empty for none
 * @param key the private key of that certificate, PKCS#8 and not encrypted; empty without a certificate
 */
public record TlsFiles(Optional<Path> ca, Optional<Path> certificate, Optional<Path> key) {

    /** The trust store of the JDK, and no certificate of ours. */
    public static final TlsFiles NONE = new TlsFiles(Optional.empty(), Optional.empty(), Optional.empty());

    /** Of stores that never leave the memory of this process. */
    public static final String PASSWORD = "in memory";

    /**
     * Whether the JDK's settings are all there is.
     *
     * @return whether no file is named
     */
    public boolean isEmpty() {
        return ca.isEmpty() && certificate.isEmpty();
    }

    /** What is not named is taken from the environment; a key goes with its certificate. */
    TlsFiles orElse(Map<String, String> environment) {
        Optional<Path> other = named(environment, "COVEY_TLS_CERT");
        return new TlsFiles(
                ca.or(() -> named(environment, "COVEY_TLS_CA")),
                certificate.or(() -> other),
                certificate.isPresent() || other.isEmpty() ? key : named(environment, "COVEY_TLS_KEY"));
    }

    private static Optional<Path> named(Map<String, String> environment, String variable) {
        return Optional.ofNullable(environment.get(variable))
                .filter(text -> !text.isBlank())
                .map(Path::of);
    }

    /**
     * Reads whom to trust.
     *
     * @return certificates alone; empty if the trust store of the JDK decides
     * @throws TransportException naming the file and what is wrong with it
     */
    public Optional<KeyStore> trusted() {
        return ca.map(file -> {
            List<X509Certificate> certificates = Pem.certificates(file);
            try {
                KeyStore store = emptyStore();
                for (int i = 0; i < certificates.size(); i++) {
                    store.setCertificateEntry("ca-" + i, certificates.get(i));
                }
                return store;
            } catch (GeneralSecurityException | IOException e) {
                throw new TransportException(
                        "The certificates in " + file + " cannot be trusted: " + e.getMessage(), e);
            }
        });
    }

    /**
     * Reads who this side is.
     *
     * @return one key with its certificates, under {@link #PASSWORD}; empty if this side shows none
     * @throws TransportException naming the file and what is wrong with it
     */
    public Optional<KeyStore> identity() {
        return certificate.map(file -> {
            Path keyFile = key.orElse(file);
            Certificate[] chain = Pem.certificates(file).toArray(Certificate[]::new);
            PrivateKey secret = Pem.privateKey(keyFile, chain[0].getPublicKey().getAlgorithm());
            try {
                KeyStore store = emptyStore();
                store.setKeyEntry("client", secret, PASSWORD.toCharArray(), chain);
                return store;
            } catch (GeneralSecurityException | IOException e) {
                throw new TransportException(
                        "The certificate in " + file + " and the key in " + keyFile + " cannot be used: "
                                + e.getMessage(),
                        e);
            }
        });
    }

    private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }
}
