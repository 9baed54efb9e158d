package io.covey.cluster.core.rooms;

import io.covey.cluster.spi.Names;

/** Where somebody sits or does not: a room and a member. */
record Place(String room, String member) {
    private static final int LONGEST_MEMBER = 200;
    private static final String PREFIX = "room:";
    /** Sorts right behind the group of the room's members, and no name of a room has it. */
    private static final String CREATED = "!";

    static Place of(String room, String member) {
        if (member.isEmpty()
                || member.length() > LONGEST_MEMBER
                || member.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("A member of a room is 1 to " + LONGEST_MEMBER
                    + " characters without control characters, was \"" + Names.printable(member) + "\"");
        }
        return new Place(room, member);
    }

    static String room(String name) {
        if (name.equals(".") || name.equals("..")) {
            throw new IllegalArgumentException("A room cannot be called \"" + name + "\"");
        }
        return Names.check("room", name);
    }

    /** The directory's group of the members of a room. */
    static String members(String room) {
        return PREFIX + room;
    }

    /** The directory's group with the one row that says that a room was created. */
    static String created(String room) {
        return PREFIX + room + CREATED;
    }

    static String prefix() {
        return PREFIX;
    }

    /** The room of a group of either kind. */
    static String roomOf(String group) {
        int end = group.endsWith(CREATED) ? group.length() - CREATED.length() : group.length();
        return group.substring(PREFIX.length(), end);
    }

    String group() {
        return members(room);
    }

    @Override
    public String toString() {
        return "\"" + Names.printable(member) + "\" of room " + room;
    }
}
