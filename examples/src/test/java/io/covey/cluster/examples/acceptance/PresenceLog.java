package io.covey.cluster.examples.acceptance;

import io.covey.cluster.Gap;
import io.covey.cluster.Room;
import io.covey.cluster.RoomMember;
import io.covey.cluster.RoomMessage;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What a listener to a room was told, line by line. */
final class PresenceLog implements Room.Listener<String> {
    private final List<String> lines = new CopyOnWriteArrayList<>();

    List<String> lines() {
        return List.copyOf(lines);
    }

    long count(String line) {
        return lines.stream().filter(line::equals).count();
    }

    @Override
    public void onMembers(List<RoomMember> members) {
        lines.add("members " + members.stream().map(RoomMember::id).sorted().toList());
    }

    @Override
    public void onMessage(RoomMessage<String> message) {
        lines.add(message.from().orElse("house") + ": " + message.message());
    }

    @Override
    public void onJoined(RoomMember member) {
        lines.add(member.id() + " joined");
    }

    @Override
    public void onUpdated(RoomMember member) {
        lines.add(member.id() + " updated");
    }

    @Override
    public void onLeft(RoomMember member, Room.Departure how) {
        lines.add(member.id() + " " + how);
    }

    @Override
    public void onDestroyed() {
        lines.add("destroyed");
    }

    @Override
    public void onGap(Gap gap) {
        lines.add("gap");
    }
}
