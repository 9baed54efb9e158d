package io.covey.cluster.core.codec;

import io.covey.cluster.CodecException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.util.JsonGeneratorDelegate;

/** Refuses the numbers that JSON has no form for, which Jackson would write as texts. */
final class FiniteNumbers extends JsonGeneratorDelegate {

    private FiniteNumbers(JsonGenerator generator) {
        super(generator);
    }

    static JsonGenerator checking(TokenStreamFactory factory, JsonGenerator generator) {
        return new FiniteNumbers(generator);
    }

    @Override
    public JsonGenerator writeNumber(double value) {
        check(value);
        return super.writeNumber(value);
    }

    @Override
    public JsonGenerator writeNumber(float value) {
        check(value);
        return super.writeNumber(value);
    }

    @Override
    public JsonGenerator writeArray(double[] values, int from, int count) {
        for (int i = from; i < from + count; i++) {
            check(values[i]);
        }
        return super.writeArray(values, from, count);
    }

    private static void check(double value) {
        if (!Double.isFinite(value)) {
            throw new CodecException(value + " is no number of JSON; only finite ones can be written");
        }
    }
}
