package io.covey.cluster.core.codec;

import io.covey.cluster.Codec;

final class BytesCodec implements Codec<byte[]> {

    @Override
    public String name() {
        return "bytes";
    }

    @Override
    public byte[] encode(byte[] value) {
        return value.clone();
    }

    @Override
    public byte[] decode(byte[] bytes) {
        return bytes.clone();
    }
}
