package io.covey.cluster.examples.chat;

import io.covey.cluster.RoomMember;

/**
 * Somebody in a room, as browsers see him.
 *
 * @param id of the member: one for each tab of a browser
 * @param name what he calls himself
 */
record Who(String id, String name) {

    static Who of(RoomMember member) {
        return new Who(member.id(), member.metadata().getOrDefault("name", "?"));
    }
}
