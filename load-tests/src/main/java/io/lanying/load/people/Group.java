package io.lanying.load.people;

import io.lanying.load.client.Conversations;
import io.lanying.load.history.HistoryEvent;
import io.lanying.load.history.TalkEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

/** A conversation's members as its people know them. One change at a time, repeated until it is answered. One thread. */
final class Group {

    private record Change(String user, boolean joins) {}

    private final String id;
    private final List<String> movers;
    private final List<String> members;
    private Optional<Change> open = Optional.empty();

    /** @param movers who comes and goes; nobody in a direct conversation */
    Group(String id, List<String> members, List<String> movers) {
        this.id = id;
        this.members = new ArrayList<>(members);
        this.movers = List.copyOf(movers);
    }

    String id() {
        return id;
    }

    boolean moves() {
        return !movers.isEmpty();
    }

    String anyMember(Random random) {
        return members.get(random.nextInt(members.size()));
    }

    /** Somebody who is none, if there is anybody. */
    Optional<String> anyStranger(Random random) {
        List<String> strangers =
                movers.stream().filter(mover -> !members.contains(mover)).toList();
        return strangers.isEmpty() ? Optional.empty() : Optional.of(strangers.get(random.nextInt(strangers.size())));
    }

    /** Somebody joins or leaves; or what was not answered is tried again. */
    CompletableFuture<Void> move(Conversations conversations, Random random) {
        if (open.isPresent()) {
            return moveOn(conversations);
        }
        String user = movers.get(random.nextInt(movers.size()));
        Change change = new Change(user, !members.contains(user));
        open = Optional.of(change);
        CompletableFuture<HistoryEvent> call =
                change.joins() ? conversations.join(id, user) : conversations.leave(id, user);
        return call.thenAccept(outcome -> ended(change, outcome));
    }

    /** Tries again what was not answered, if there is something; the service does it for who may have gone already. */
    CompletableFuture<Void> moveOn(Conversations conversations) {
        if (open.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        Change change = open.get();
        CompletableFuture<HistoryEvent> call =
                change.joins() ? conversations.join(id, change.user()) : conversations.remove(id, change.user());
        return call.thenAccept(outcome -> ended(change, outcome));
    }

    boolean isMoving() {
        return open.isPresent();
    }

    private void ended(Change change, HistoryEvent outcome) {
        if (outcome instanceof TalkEvent.Done) {
            members.remove(change.user());
            if (change.joins()) {
                members.add(change.user());
            }
            open = Optional.empty();
        }
    }
}
