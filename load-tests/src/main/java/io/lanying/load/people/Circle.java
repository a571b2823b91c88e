package io.lanying.load.people;

import io.lanying.load.client.Conversations;
import io.lanying.load.client.Service;
import io.lanying.load.client.VendorSimulator;
import io.lanying.load.history.HistoryEvent;
import io.lanying.load.history.TalkEvent;
import io.lanying.load.rig.Phone;
import io.lanying.load.rig.Rig;
import io.lanying.load.rig.Sender;
import io.lanying.load.rig.Workload;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

/**
 * The people of one tenant: five, with one or two phones each, in two direct conversations and two groups. They write by the
 * service, by requests of their phones and on their sockets, repeat themselves, edit, recall, come and go. One thread.
 */
final class Circle {

    private static final List<String> ALL = List.of("ada", "bob", "cyd", "dan", "eve");
    private static final int MOST_AT_ONCE = 3;
    /** Beyond what goes with the news: it is read from the conversation when it is handed out. */
    private static final int LONG_TEXT = 5_000;

    private final Rig rig;
    private final Random random;
    private final String mark;
    private final Service service;
    private final Conversations conversations;
    private final List<Phone> phones = new ArrayList<>();
    private final Map<String, String> sessionTokens = new HashMap<>();
    private final List<Group> groups = new ArrayList<>();
    private final List<Post> posts = new ArrayList<>();

    /** Makes the tenant, its phones and its conversations; the same names in every tenant. */
    Circle(Rig rig, String tenant) {
        Sender sender = rig.tenant(tenant);
        this.rig = rig;
        this.random = rig.random();
        this.mark = sender.mark();
        this.service = sender.service();
        this.conversations = service.conversations();
        phone("ada", 1, Phone.Manner.ATTENTIVE);
        phone("ada", 2, Phone.Manner.ATTENTIVE);
        phone("bob", 1, Phone.Manner.ATTENTIVE);
        phone("bob", 2, Phone.Manner.AWAY);
        phone("cyd", 1, Phone.Manner.AWAY);
        phone("dan", 1, Phone.Manner.ATTENTIVE);
        phone("dan", 2, Phone.Manner.LOST);
        phone("eve", 1, Phone.Manner.ATTENTIVE);
        direct("ada", "bob");
        direct("cyd", "ada");
        group("team", List.of("ada", "bob", "cyd", "dan"));
        group("club", List.of("ada", "bob", "dan", "eve"));
    }

    private void phone(String owner, int number, Phone.Manner manner) {
        Service.Registration registration = new Service.Registration(owner, List.of(), Optional.empty());
        boolean reachable = manner != Phone.Manner.ATTENTIVE && !rig.vendors().isEmpty();
        if (reachable) {
            List<VendorSimulator> vendors = rig.vendors();
            VendorSimulator vendor = vendors.get(phones.size() % vendors.size());
            registration = registration.with(Workload.newToken(rig, vendor.kind()));
        }
        Phone phone = rig.phone(service, owner + "-" + number, registration, manner);
        String token = Rig.await(service.sessionToken(phone.device()));
        rig.recorder().add(new HistoryEvent.Canary(service.tenant(), token, true));
        sessionTokens.put(phone.device(), token);
        phones.add(phone);
    }

    private void direct(String one, String other) {
        String id = Rig.await(conversations.direct(one, other));
        groups.add(new Group(id, List.of(one, other), List.of()));
    }

    /** Its first member owns it and stays. */
    private void group(String id, List<String> members) {
        Rig.await(conversations.group(id, members));
        groups.add(new Group(id, members, ALL.subList(1, ALL.size())));
    }

    List<Post> posts() {
        return posts;
    }

    /** One step of a random life; completes with the answers, whatever they are. */
    CompletableFuture<Void> step() {
        int choice = random.nextInt(100);
        if (choice < 12 && !posts.isEmpty()) {
            return say(anyPost());
        }
        if (choice < 20) {
            return edit();
        }
        if (choice < 25) {
            return recall();
        }
        if (choice < 31) {
            return move();
        }
        if (choice < 34) {
            cut();
        }
        return sayNew();
    }

    private Post anyPost() {
        return posts.get(random.nextInt(posts.size()));
    }

    private Group anyGroup() {
        return groups.get(random.nextInt(groups.size()));
    }

    /** Now and then several times at once, each time by another way; now and then by one who is no member. */
    private CompletableFuture<Void> sayNew() {
        Group group = anyGroup();
        String sender = group.anyMember(random);
        if (random.nextInt(20) == 0) {
            sender = group.anyStranger(random).orElse(sender);
        }
        String key = "m" + posts.size();
        String rest = "x".repeat(random.nextInt(20) == 0 ? LONG_TEXT : random.nextInt(300));
        Post post = new Post(
                new Conversations.Draft(group.id(), sender, key, key + " " + mark + " " + rest), random.nextInt(5) > 0);
        posts.add(post);
        int times = random.nextInt(5) == 0 ? 1 + random.nextInt(MOST_AT_ONCE) : 1;
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (int time = 0; time < times; time++) {
            all.add(say(post));
        }
        return together(all);
    }

    private CompletableFuture<Void> say(Post post) {
        Conversations.Draft draft = post.draft();
        List<Phone> own = phones.stream()
                .filter(phone -> phone.owner().equals(draft.sender()))
                .toList();
        Phone phone = own.get(random.nextInt(own.size()));
        CompletableFuture<HistoryEvent> said =
                switch (random.nextInt(3)) {
                    case 0 -> conversations.post(draft);
                    case 1 -> conversations.postFromDevice(sessionTokens.getOrDefault(phone.device(), ""), draft);
                    default -> {
                        Optional<Phone> open =
                                own.stream().filter(Phone::isOpen).findFirst();
                        yield open.map(connected -> conversations.postFromSocket(connected.app(), draft))
                                .orElseGet(() -> conversations.post(draft));
                    }
                };
        return said.thenAccept(post::outcome);
    }

    private CompletableFuture<Void> edit() {
        return changeable()
                .map(post -> conversations
                        .edit(
                                post.draft().conversation(),
                                post.messageSeq(),
                                post.draft().sender(),
                                "edit " + random.nextInt(1_000_000) + " of "
                                        + post.draft().text())
                        .<Void>thenApply(outcome -> null))
                .orElseGet(this::sayNew);
    }

    private CompletableFuture<Void> recall() {
        return changeable()
                .map(post -> {
                    post.isRecalled();
                    return conversations
                            .recall(
                                    post.draft().conversation(),
                                    post.messageSeq(),
                                    post.draft().sender())
                            .<Void>thenApply(outcome -> null);
                })
                .orElseGet(this::sayNew);
    }

    private Optional<Post> changeable() {
        List<Post> there = posts.stream().filter(Post::isThere).toList();
        return there.isEmpty() ? Optional.empty() : Optional.of(there.get(random.nextInt(there.size())));
    }

    /** Waited for, so that what is posted afterwards is posted afterwards. */
    private CompletableFuture<Void> move() {
        List<Group> moving = groups.stream().filter(Group::moves).toList();
        Rig.await(moving.get(random.nextInt(moving.size())).move(conversations, random));
        return sayNew();
    }

    private void cut() {
        List<Phone> open = phones.stream().filter(Phone::isOpen).toList();
        open.get(random.nextInt(open.size())).app().cut();
    }

    /** Waits until everything that patient people want is answered, and everybody has been told. */
    void settle() {
        Rig.awaitUntil(Rig.STEP, "every post is answered", () -> {
            List<CompletableFuture<Void>> again = new ArrayList<>();
            posts.stream().filter(Post::isOwed).forEach(post -> again.add(say(post)));
            groups.forEach(group -> again.add(group.moveOn(conversations)));
            Rig.await(together(again));
            return posts.stream().noneMatch(Post::isOwed) && groups.stream().noneMatch(Group::isMoving);
        });
        for (Group group : groups) {
            Rig.awaitUntil(
                    Rig.STEP, "everybody is told of " + group.id(), () -> Rig.await(conversations.isTold(group.id())));
        }
    }

    /** Records how the conversations stand, and what became of messages on phones that never came back. */
    void recordAfterwards() {
        groups.forEach(group -> Rig.await(conversations.recordHistory(group.id())));
        List<TalkEvent.MessageRead> messages = rig.recorder()
                .history()
                .all(TalkEvent.MessageRead.class)
                .filter(read -> read.tenant().equals(service.tenant()))
                .toList();
        for (Phone phone : phones) {
            if (phone.manner() == Phone.Manner.LOST) {
                messages.forEach(read -> Rig.await(service.recordFate(phone.device(), read.messageId())));
            }
        }
    }

    private static CompletableFuture<Void> together(List<CompletableFuture<Void>> all) {
        return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new));
    }
}
