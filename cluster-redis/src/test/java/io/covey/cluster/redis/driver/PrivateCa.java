package io.covey.cluster.redis.driver;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** A certificate authority of a test: signs whatever is wanted, in milliseconds and without another program. */
public final class PrivateCa {
    private static final byte[] ECDSA_WITH_SHA256 =
            sequence(der(6, new byte[] {0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 4, 3, 2}));
    private static final byte[] COMMON_NAME = {0x55, 4, 3};
    private static final byte[] SUBJECT_ALTERNATIVE_NAME = {0x55, 0x1d, 0x11};
    private static final byte[] BASIC_CONSTRAINTS = {0x55, 0x1d, 0x13};
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

    private final Path directory;
    private final String name;
    private final KeyPair keys;
    private final Path certificate;

    /**
     * What was signed, in PEM.
     *
     * @param certificate the certificate
     * @param key its private key
     */
    public record Issued(Path certificate, Path key) {}

    /**
     * Makes one whose certificate is a file of that name in a directory.
     *
     * @param directory where all files go
     * @param name of the authority
     */
    public PrivateCa(Path directory, String name) {
        this.directory = directory;
        this.name = name;
        this.keys = newKeys();
        Instant now = Instant.now();
        this.certificate = pem(
                name + ".crt",
                "CERTIFICATE",
                sign(name, keys, now.minus(Duration.ofDays(1)), now.plus(Duration.ofDays(1)), authority()));
    }

    /** The file of its certificate. */
    public Path certificate() {
        return certificate;
    }

    /** A certificate that is valid today, for host names and addresses. */
    public Issued issue(String subject, String... hosts) {
        Instant now = Instant.now();
        return issue(subject, now.minus(Duration.ofDays(1)), now.plus(Duration.ofDays(1)), hosts);
    }

    /** A certificate that was valid until yesterday. */
    public Issued expired(String subject, String... hosts) {
        Instant now = Instant.now();
        return issue(subject, now.minus(Duration.ofDays(9)), now.minus(Duration.ofDays(1)), hosts);
    }

    private Issued issue(String subject, Instant from, Instant until, String... hosts) {
        KeyPair own = newKeys();
        Path file = pem(subject + ".crt", "CERTIFICATE", sign(subject, own, from, until, names(hosts)));
        return new Issued(
                file, pem(subject + ".key", "PRIVATE KEY", own.getPrivate().getEncoded()));
    }

    private byte[] sign(String subject, KeyPair own, Instant from, Instant until, byte[] extension) {
        byte[] signed = sequence(
                der(0xa0, der(2, new byte[] {2})),
                der(
                        2,
                        new BigInteger(64, new SecureRandom())
                                .add(BigInteger.ONE)
                                .toByteArray()),
                ECDSA_WITH_SHA256,
                distinguished(name),
                sequence(time(from), time(until)),
                distinguished(subject),
                own.getPublic().getEncoded(),
                der(0xa3, sequence(extension)));
        try {
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(keys.getPrivate());
            signature.update(signed);
            return sequence(signed, ECDSA_WITH_SHA256, der(3, concat(new byte[] {0}, signature.sign())));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] authority() {
        byte[] isAuthority = sequence(der(1, new byte[] {(byte) 0xff}));
        return sequence(der(6, BASIC_CONSTRAINTS), der(1, new byte[] {(byte) 0xff}), der(4, isAuthority));
    }

    private static byte[] names(String... hosts) {
        List<byte[]> names = new ArrayList<>();
        for (String host : hosts) {
            try {
                names.add(
                        host.matches("[0-9.]+|.*:.*")
                                ? der(0x87, InetAddress.getByName(host).getAddress())
                                : der(0x82, host.getBytes(US_ASCII)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return sequence(der(6, SUBJECT_ALTERNATIVE_NAME), der(4, sequence(names.toArray(byte[][]::new))));
    }

    private static byte[] distinguished(String commonName) {
        return sequence(der(0x31, sequence(der(6, COMMON_NAME), der(12, commonName.getBytes(UTF_8)))));
    }

    private static byte[] time(Instant instant) {
        return der(24, TIME.format(instant).getBytes(US_ASCII));
    }

    private static KeyPair newKeys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(256);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private Path pem(String file, String kind, byte[] der) {
        try {
            return Files.writeString(
                    directory.resolve(file),
                    "-----BEGIN " + kind + "-----\n" + Base64.getMimeEncoder().encodeToString(der) + "\n-----END "
                            + kind + "-----\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] sequence(byte[]... parts) {
        return der(0x30, concat(parts));
    }

    private static byte[] der(int tag, byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        int length = content.length;
        if (length >= 0x80) {
            byte[] digits = BigInteger.valueOf(length).toByteArray();
            int from = digits[0] == 0 ? 1 : 0;
            out.write(0x80 | digits.length - from);
            out.write(digits, from, digits.length - from);
        } else {
            out.write(length);
        }
        out.writeBytes(content);
        return out.toByteArray();
    }

    private static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
