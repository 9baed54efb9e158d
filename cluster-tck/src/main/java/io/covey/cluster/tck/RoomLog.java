package io.covey.cluster.tck;

import io.covey.cluster.Gap;
import io.covey.cluster.Room;
import io.covey.cluster.RoomMember;
import io.covey.cluster.RoomMessage;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What a listener to a room was told, in words. */
public final class RoomLog implements Room.Listener<String> {
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final List<RoomMessage<String>> messages = new CopyOnWriteArrayList<>();

    /** Hears nothing yet. */
    public RoomLog() {}

    /**
     * What happened, a line each.
     *
     * @return a copy, in order
     */
    public List<String> lines() {
        return List.copyOf(lines);
    }

    /**
     * What was said.
     *
     * @return a copy, in order
     */
    public List<RoomMessage<String>> messages() {
        return List.copyOf(messages);
    }

    @Override
    public void onMembers(List<RoomMember> members) {
        lines.add("members " + members.stream().map(RoomMember::id).sorted().toList());
    }

    @Override
    public void onMessage(RoomMessage<String> message) {
        messages.add(message);
        lines.add(message.from().map(from -> from + ": ").orElse("") + message.message());
    }

    @Override
    public void onJoined(RoomMember member) {
        lines.add(member.id() + " joined");
    }

    @Override
    public void onUpdated(RoomMember member) {
        lines.add(member.id() + " updated " + member.metadata());
    }

    @Override
    public void onLeft(RoomMember member, Room.Departure how) {
        lines.add(member.id() + " left " + how);
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
