package io.covey.cluster.redis.driver;

import io.covey.cluster.TransportException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Certificates and keys as openssl writes them. What is wrong is said with the file's name and never with its content. */
final class Pem {
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]{1,40})-----([A-Za-z0-9+/=\\s]*)-----END \\1-----");
    private static final long LONGEST = 1 << 20;

    private Pem() {}

    /** At least one. */
    static List<X509Certificate> certificates(Path file) {
        List<X509Certificate> found = new ArrayList<>();
        Matcher blocks = BLOCK.matcher(read(file));
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            while (blocks.find()) {
                if (blocks.group(1).equals("CERTIFICATE")) {
                    found.add((X509Certificate)
                            factory.generateCertificate(new ByteArrayInputStream(bytes(blocks.group(2)))));
                }
            }
        } catch (CertificateException | IllegalArgumentException e) {
            throw new TransportException("A certificate in " + file + " cannot be read: it is no X.509", e);
        }
        if (found.isEmpty()) {
            throw new TransportException(file + " holds no -----BEGIN CERTIFICATE-----");
        }
        return found;
    }

    /**
     * @param algorithm of the public key that belongs to it
     */
    static PrivateKey privateKey(Path file, String algorithm) {
        Matcher blocks = BLOCK.matcher(read(file));
        while (blocks.find()) {
            String kind = blocks.group(1);
            if (kind.equals("PRIVATE KEY")) {
                try {
                    return KeyFactory.getInstance(algorithm)
                            .generatePrivate(new PKCS8EncodedKeySpec(bytes(blocks.group(2))));
                } catch (GeneralSecurityException | IllegalArgumentException e) {
                    throw new TransportException(
                            "The key in " + file + " is not one of the certificate, which has " + algorithm, e);
                }
            }
            if (kind.endsWith("PRIVATE KEY")) {
                throw new TransportException("The key in " + file + " is " + kind
                        + ", PRIVATE KEY (PKCS#8, not encrypted) is needed: openssl pkcs8 -topk8 -nocrypt -in " + file);
            }
        }
        throw new TransportException(file + " holds no -----BEGIN PRIVATE KEY-----");
    }

    private static byte[] bytes(String base64) {
        return Base64.getMimeDecoder().decode(base64);
    }

    private static String read(Path file) {
        try {
            if (Files.size(file) > LONGEST) {
                throw new TransportException(file + " is larger than 1 MiB, which no PEM file is");
            }
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            throw new TransportException(file + " does not exist", e);
        } catch (IOException e) {
            throw new TransportException(file + " cannot be read: " + e.getMessage(), e);
        }
    }
}
