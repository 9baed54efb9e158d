package io.covey.cluster.core.rooms;

import io.covey.cluster.Room.Departure;
import java.util.Optional;

/**
 * The end of a membership, as the node that it belonged to tells it.
 *
 * @param seat whose
 * @param how whether the member left or the room was destroyed
 */
record Ended(Seat seat, Departure how) {

    byte[] news() {
        return seat.wireNews().setDestroyed(how == Departure.DESTROYED).build().toByteArray();
    }

    static Optional<Ended> ofNews(String room, byte[] news) {
        return Seat.read(room, news)
                .map(wire ->
                        new Ended(Seat.ofNews(room, wire), wire.getDestroyed() ? Departure.DESTROYED : Departure.LEFT));
    }
}
