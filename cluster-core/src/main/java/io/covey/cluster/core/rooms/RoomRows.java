package io.covey.cluster.core.rooms;

import io.covey.cluster.spi.Names;

/** How the directory's groups of a room are called. */
final class RoomRows {
    private static final String PREFIX = "room:";
    /** Sorts right behind the group of the room's members, and no name of a room has it. */
    private static final String CREATED = "!";

    private RoomRows() {}

    static String checked(String name) {
        if (name.equals(".") || name.equals("..")) {
            throw new IllegalArgumentException("A room cannot be called \"" + name + "\"");
        }
        return Names.check("room", name);
    }

    /** The group of the members of a room. */
    static String members(String room) {
        return PREFIX + room;
    }

    /** The group with the one row that says that a room was created. */
    static String created(String room) {
        return PREFIX + room + CREATED;
    }

    static String prefix() {
        return PREFIX;
    }

    /** The room of a group of either kind. */
    static String room(String group) {
        int end = group.endsWith(CREATED) ? group.length() - CREATED.length() : group.length();
        return group.substring(PREFIX.length(), end);
    }
}
