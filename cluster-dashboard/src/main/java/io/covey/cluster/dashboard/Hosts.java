package io.covey.cluster.dashboard;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Under which names this server may be asked for. A page of somebody else's whose name was made to lead here (DNS
 * rebinding) asks under that name; an address in digits cannot be made to lead anywhere else.
 */
final class Hosts {
    private static final Pattern PORT = Pattern.compile(":[0-9]{1,5}$");
    private static final Pattern DIGITS =
            Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}|\\[[0-9a-f:.]{2,45}(%25?[0-9a-z]{1,20})?\\]");

    private final Set<String> names = new HashSet<>(Set.of("localhost"));

    Hosts(List<String> more) {
        more.forEach(name -> names.add(name.toLowerCase(Locale.ROOT)));
    }

    boolean knows(Optional<String> host) {
        String name = host.map(
                        text -> PORT.matcher(text.toLowerCase(Locale.ROOT)).replaceFirst(""))
                .orElse("");
        return names.contains(name) || DIGITS.matcher(name).matches();
    }

    /** Whether a change comes from our own page. Every browser of today says where a change comes from. */
    static boolean isOwn(Optional<String> origin, Optional<String> host) {
        return origin.isPresent()
                && host.isPresent()
                && (origin.get().equalsIgnoreCase("http://" + host.get())
                        || origin.get().equalsIgnoreCase("https://" + host.get()));
    }
}
