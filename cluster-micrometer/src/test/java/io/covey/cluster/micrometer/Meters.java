package io.covey.cluster.micrometer;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Statistic;
import io.micrometer.core.instrument.search.Search;

/** Reads meters. */
final class Meters {

    private Meters() {}

    /** The counts, or the values of gauges, of all meters of a name and some tags, added up; 0 if there is none. */
    static double sum(MeterRegistry registry, String name, String... tags) {
        double sum = 0;
        for (Meter meter : Search.in(registry).name(name).tags(tags).meters()) {
            for (var measurement : meter.measure()) {
                if (measurement.getStatistic() == Statistic.COUNT || measurement.getStatistic() == Statistic.VALUE) {
                    sum += measurement.getValue();
                }
            }
        }
        return sum;
    }
}
