package io.covey.cluster.core.codec;

import io.covey.cluster.Codec;
import java.lang.reflect.Type;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.json.JsonMapper;

/** JSON by Jackson: times as ISO strings, and properties that only the other version of a program has are passed over. */
final class JsonFormat {
    private final JsonMapper mapper = mapper(JsonMapper.builder());
    private final JsonMapper portable = mapper(JsonMapper.builder(
            JsonFactory.builder().addDecorator(FiniteNumbers::checking).build()));

    <T> Codec<T> codec(Type type) {
        JavaType known = mapper.constructType(type);
        ObjectReader reader = mapper.readerFor(known);
        String name = "json:" + known.getRawClass().getSimpleName();
        JsonCodec<T> strict = new JsonCodec<>(name, portable.writerFor(known), reader, null);
        return new JsonCodec<>(name, mapper.writerFor(known), reader, strict);
    }

    private static JsonMapper mapper(JsonMapper.Builder begun) {
        return begun.disable(DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS, DateTimeFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
                .disable(
                        DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
                        DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .build();
    }
}
