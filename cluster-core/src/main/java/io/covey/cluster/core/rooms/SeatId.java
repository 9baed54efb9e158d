package io.covey.cluster.core.rooms;

import io.covey.cluster.spi.Names;

/** Names a membership, whether there is one or not: a room and a member. */
record SeatId(String room, String member) {
    private static final int LONGEST_MEMBER = 200;

    static SeatId of(String room, String member) {
        if (member.isEmpty()
                || member.length() > LONGEST_MEMBER
                || member.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("A member of a room is 1 to " + LONGEST_MEMBER
                    + " characters without control characters, was \"" + Names.printable(member) + "\"");
        }
        return new SeatId(room, member);
    }

    /** The directory's group of the members of the room. */
    String group() {
        return RoomRows.members(room);
    }

    @Override
    public String toString() {
        return "\"" + Names.printable(member) + "\" of room " + room;
    }
}
