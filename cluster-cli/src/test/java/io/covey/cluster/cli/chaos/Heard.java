package io.covey.cluster.cli.chaos;

import java.util.ArrayList;
import java.util.List;

/**
 * What a subscriber heard of numbered messages, judged: messages come in order and once, and wherever numbers are missing
 * a gap was announced between the two.
 *
 * @param messages how many came
 * @param missing how many did not, up to the last that came
 * @param gaps how many gaps were announced
 * @param faults what must not be
 */
record Heard(int messages, long missing, int gaps, List<String> faults) {

    /** Of a subscription whose lines have other names. */
    static Heard of(List<String> lines, String message, String hole) {
        return of(lines.stream()
                .filter(line -> line.startsWith(message) || line.startsWith(hole))
                .map(line -> (line.startsWith(message) ? "M" : "G") + line.substring(1))
                .toList());
    }

    /** From the lines {@code M number} and {@code G how-many-or-? why}. */
    static Heard of(List<String> lines) {
        List<String> faults = new ArrayList<>();
        long last = 0;
        long missing = 0;
        int messages = 0;
        int gaps = 0;
        boolean unknown = false;
        long announced = 0;
        for (String line : lines) {
            String[] words = line.split(" ");
            if (words[0].equals("G")) {
                gaps++;
                unknown |= words[1].equals("?");
                announced += words[1].equals("?") ? 0 : Long.parseLong(words[1]);
            } else if (words[0].equals("M")) {
                long number = Long.parseLong(words[1]);
                messages++;
                if (number <= last) {
                    faults.add(number + " came after " + last);
                }
                long hole = number - last - 1;
                if (hole > 0 && !unknown && announced != hole) {
                    faults.add(hole + " missing between " + last + " and " + number + ", announced: " + announced);
                }
                missing += Math.max(0, hole);
                last = number;
                unknown = false;
                announced = 0;
            }
        }
        return new Heard(messages, missing, gaps, faults);
    }

    @Override
    public String toString() {
        return messages + " messages came, " + missing + " did not, " + gaps + " gaps announced, faults " + faults;
    }
}
