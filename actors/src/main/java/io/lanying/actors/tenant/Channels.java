package io.lanying.actors.tenant;

import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.channel.ChannelCredential;
import io.lanying.protocol.channel.ChannelId;
import io.lanying.protocol.tenant.TenantCommand.PutCredential;
import io.lanying.protocol.tenant.TenantCommand.RestoreCredential;
import io.lanying.protocol.tenant.TenantEvent.CredentialDeleted;
import io.lanying.protocol.tenant.TenantEvent.CredentialPut;
import io.lanying.protocol.tenant.TenantEvent.CredentialRestored;
import io.lanying.protocol.tenant.TenantReply.ChannelView;
import io.lanying.protocol.tenant.TenantReply.ChannelsAre;
import io.lanying.protocol.tenant.TenantReply.CredentialInfo;
import io.lanying.protocol.tenant.TenantReply.CredentialIs;
import io.lanying.protocol.tenant.TenantReply.CredentialStored;
import io.lanying.protocol.tenant.TenantReply.Deleted;
import io.lanying.protocol.tenant.TenantSnapshot.Channel;
import io.lanying.protocol.tenant.TenantSnapshot.Kept;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * A tenant's credentials for the vendors' channels: the last {@value #KEPT} versions for each of at most {@value #MAX}
 * channels. Pure and immutable.
 *
 * @param list every channel that ever had a credential, in the order of their first one
 */
record Channels(List<Channel> list) {

    /** More than there are vendors and environments. */
    static final int MAX = 50;

    /** How far a channel can be rolled back. */
    static final int KEPT = 5;

    static final Channels NONE = new Channels(List.of());

    Channels {
        list = List.copyOf(list);
    }

    Decision put(PutCredential command, Instant now) {
        var known = of(command.channel());
        if (known.isEmpty() && list.size() >= MAX) {
            return Decision.refused(ErrorCode.LIMIT_REACHED);
        }
        var present = current(command.channel());
        if (present.isPresent() && present.get().content().equals(command.content())) {
            return Decision.answer(new CredentialStored(view(known.orElseThrow()), false));
        }
        var credential = new ChannelCredential(
                command.channel(),
                nextVersion(command.channel()),
                command.secret(),
                command.summary(),
                now,
                command.expiresAt());
        var event = new CredentialPut(now, credential, command.content());
        var changed = with(event).of(command.channel()).orElseThrow();
        return Decision.happened(event, new CredentialStored(view(changed), present.isEmpty()));
    }

    /** The event that makes an earlier version the newest; empty if that version is not kept. */
    Optional<CredentialRestored> restore(RestoreCredential command, Instant now) {
        return of(command.channel()).stream()
                .flatMap(channel -> channel.kept().stream())
                .filter(kept -> kept.credential().version() == command.version())
                .findFirst()
                .map(kept -> new CredentialRestored(
                        now,
                        new ChannelCredential(
                                command.channel(),
                                nextVersion(command.channel()),
                                kept.credential().secret(),
                                kept.credential().summary(),
                                now,
                                kept.credential().expiresAt()),
                        kept.content(),
                        command.version(),
                        command.requestKey(),
                        command.fingerprint()));
    }

    Decision delete(ChannelId id, Instant now) {
        return current(id).isPresent()
                ? Decision.happened(new CredentialDeleted(now, id), new Deleted())
                : Decision.answer(new Deleted());
    }

    Decision get(ChannelId id) {
        return current(id)
                .map(kept -> Decision.answer(new CredentialIs(kept.credential())))
                .orElseGet(() -> Decision.refused(ErrorCode.NOT_FOUND));
    }

    Decision all() {
        return Decision.answer(new ChannelsAre(list.stream()
                .filter(channel -> !channel.kept().isEmpty())
                .map(Channels::view)
                .toList()));
    }

    boolean has(ChannelId id) {
        return current(id).isPresent();
    }

    Channels with(CredentialPut event) {
        return plus(new Kept(event.credential(), event.content(), Optional.empty()));
    }

    Channels with(CredentialRestored event) {
        return plus(new Kept(event.credential(), event.content(), Optional.of(event.restored())));
    }

    Channels without(ChannelId id) {
        return new Channels(list.stream()
                .map(channel -> channel.id().equals(id) ? emptied(channel) : channel)
                .toList());
    }

    /** Without any credential; the versions count on, should the tenant be made again. */
    Channels emptied() {
        return new Channels(list.stream().map(Channels::emptied).toList());
    }

    private static Channel emptied(Channel channel) {
        return new Channel(channel.id(), channel.lastVersion(), List.of());
    }

    private Channels plus(Kept newest) {
        ChannelId id = newest.credential().channel();
        var kept = new ArrayList<>(of(id).map(Channel::kept).orElse(List.of()));
        kept.add(newest);
        var changed = new Channel(
                id, newest.credential().version(), kept.subList(Math.max(0, kept.size() - KEPT), kept.size()));
        var channels = new ArrayList<>(list);
        channels.replaceAll(channel -> channel.id().equals(id) ? changed : channel);
        if (of(id).isEmpty()) {
            channels.add(changed);
        }
        return new Channels(channels);
    }

    private Optional<Channel> of(ChannelId id) {
        return list.stream().filter(channel -> channel.id().equals(id)).findFirst();
    }

    private Optional<Kept> current(ChannelId id) {
        return of(id).filter(channel -> !channel.kept().isEmpty())
                .map(channel -> channel.kept().get(channel.kept().size() - 1));
    }

    private long nextVersion(ChannelId id) {
        return of(id).map(Channel::lastVersion).orElse(0L) + 1;
    }

    private static ChannelView view(Channel channel) {
        var versions = new ArrayList<CredentialInfo>();
        for (Kept kept : channel.kept()) {
            var credential = kept.credential();
            versions.add(new CredentialInfo(
                    credential.version(),
                    credential.summary(),
                    credential.putAt(),
                    credential.expiresAt(),
                    kept.restored()));
        }
        Collections.reverse(versions);
        return new ChannelView(channel.id(), versions);
    }
}
