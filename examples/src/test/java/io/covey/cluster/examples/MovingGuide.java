package io.covey.cluster.examples;

import io.covey.cluster.Cache;
import io.covey.cluster.Cluster;
import io.covey.cluster.Lock;
import io.covey.cluster.Room;
import io.covey.cluster.RoomMember;
import io.covey.cluster.SharedList;
import io.covey.cluster.rpc.Procedure;
import io.covey.cluster.rpc.Replies;
import io.covey.cluster.rpc.Rpc;
import io.covey.cluster.rpc.Target;
import io.covey.cluster.rpc.connections.Connection;
import io.covey.cluster.rpc.connections.Connections;
import io.covey.cluster.rpc.connections.Verbs;
import io.covey.cluster.tasks.Recurrence;
import io.covey.cluster.tasks.Schedules;
import io.covey.cluster.tasks.TaskQueue;
import io.covey.cluster.tasks.TaskType;
import io.covey.cluster.tasks.Worker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The code of docs/moving-from-actionhero.md, so that it compiles. */
final class MovingGuide {

    record Profile(String name) {}

    record Job(String file) {}

    record Chat(String from, String text) {}

    record Auth(boolean authorized) {}

    interface Socket {
        void write(Chat message);

        void authorize(boolean yes);
    }

    static final Procedure<String, Boolean> LOG = Procedure.of("log", String.class, Boolean.class);
    static final Procedure<String, Profile> FIND = Procedure.of("users.find", String.class, Profile.class);
    static final Procedure<Auth, Boolean> SET_AUTH = Procedure.of("setAuth", Auth.class, Boolean.class);
    static final TaskType<String> SEND_MAIL =
            TaskType.of("sendMail", String.class).on("mail");

    private MovingGuide() {}

    static void cache(Cluster cluster, Profile profile, Job job) throws Exception {
        Cache<Profile> profiles = cluster.cache("profiles", Profile.class);
        profiles.put("ada", profile, Duration.ofMinutes(10)); // api.cache.save('ada', profile, 600000, next)
        Optional<Profile> ada = profiles.get("ada"); // api.cache.load('ada', next); absent is no error
        profiles.getAndTouch("ada", Duration.ofMinutes(10)); // api.cache.load('ada', {expireTimeMS: 600000}, next)
        profiles.remove("ada"); // api.cache.destroy('ada', next)
        profiles.keys("a").forEach(System.out::println); // api.cache.keys; also size() and clear("")
        profiles.dump(Path.of("cache.json")); // api.cache.dumpWrite; load(file) keeps times to live

        Optional<Lock.Held> held = cluster.lock("ada").tryLock(Duration.ofSeconds(2)); // api.cache.lock
        held.ifPresent(Lock.Held::close); // api.cache.unlock
        SharedList<Job> jobs = cluster.list("jobs", Job.class);
        jobs.push(job); // api.cache.push
        Optional<Job> next = jobs.pop(); // api.cache.pop
        cluster.stats("web").add("visits", 1); // api.stats.increment('visits')
        long visits = cluster.stats("web").read("visits"); // api.stats.get('visits', next)
    }

    static void calls(Cluster cluster, Map<String, Profile> users) throws Exception {
        Rpc rpc = Rpc.on(cluster); // needs COVEY_TOKEN: calls are signed
        rpc.serve(FIND, (name, call) -> users.get(name)); // nothing else can be called

        Profile any = rpc.call(Target.any(), FIND, "ada").get().value(); // one node, not all
        Profile first = rpc.call(Target.all(), FIND, "ada").get().value(); // doCluster(method, args, null, callback)
        Replies<Boolean> all = rpc.callAll(LOG, "hello").get(); // every answer, and who died meanwhile
        rpc.call(Target.any(), FIND.within(Duration.ofSeconds(2)), "ada"); // config.general.rpcTimeout
    }

    static void connections(Cluster cluster, Socket socket) throws Exception {
        Verbs verbs = Verbs.none()
                .messages(Chat.class, (connection, message) -> socket.write(message))
                .on(SET_AUTH, (connection, auth) -> {
                    socket.authorize(auth.authorized());
                    return true;
                });
        Connection mine = Connections.on(cluster).open("abc123", Map.of("user", "ada"), verbs);

        // On any node:
        Connections connections = Connections.on(cluster);
        CompletableFuture<Boolean> done = connections.apply("abc123", SET_AUTH, new Auth(true));
        connections.send("abc123", new Chat("server", "hello")); // apply(id, 'sendMessage', message)
        boolean there = connections.find("abc123").isPresent(); // apply(id, callback)
    }

    static void topics(Cluster cluster) {
        cluster.topic("/chat/*", Chat.class).subscribe((channel, chat) -> System.out.println(channel + " " + chat));
        cluster.topic("/chat/lobby", Chat.class).publish(new Chat("ada", "hello"));
    }

    static void rooms(Cluster cluster) {
        Room<Chat> lobby = cluster.rooms().room("lobby", Chat.class);
        cluster.rooms().create("lobby"); // chatRoom.add; destroy, exists and names are there, too
        lobby.listen(message -> System.out.println(message.from() + ": " + message.message()));
        lobby.join("abc123", Map.of("name", "Ada")); // chatRoom.addMember
        lobby.say("abc123", new Chat("ada", "hello")); // broadcast(connection, room, message)
        lobby.broadcast(new Chat("server", "closing soon")); // broadcast({}, room, message)
        List<RoomMember> members = lobby.members().toList(); // chatRoom.roomStatus
        lobby.leave("abc123"); // chatRoom.removeMember
    }

    static void tasks(Cluster cluster) {
        Worker.on(cluster)
                .queues("mail")
                .handlers(handlers -> handlers.handle(SEND_MAIL, (to, task) -> System.out.println("to " + to)))
                .start();
        TaskQueue tasks = TaskQueue.on(cluster);
        tasks.enqueue(SEND_MAIL, "ada@example.org"); // api.tasks.enqueue(name, params, queue)
        tasks.enqueueIn(SEND_MAIL, "ada@example.org", Duration.ofMinutes(5)); // api.tasks.enqueueIn
        Schedules.on(cluster).declare("daily", Recurrence.every(Duration.ofDays(1)), SEND_MAIL, "all"); // frequency
    }
}
