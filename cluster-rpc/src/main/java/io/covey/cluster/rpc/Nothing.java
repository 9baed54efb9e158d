package io.covey.cluster.rpc;

import io.covey.cluster.Codec;

/** The result of a method that has none: no bytes. */
enum Nothing {
    NOTHING;

    static final Codec<Object> CODEC = new Codec<>() {
        @Override
        public String name() {
            return "nothing";
        }

        @Override
        public byte[] encode(Object value) {
            return new byte[0];
        }

        @Override
        public Object decode(byte[] bytes) {
            return NOTHING;
        }
    };
}
