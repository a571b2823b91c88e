package io.lanying.persistence.journal;

import akka.actor.typed.javadsl.Adapter;
import akka.persistence.jdbc.config.JournalConfig;
import akka.persistence.jdbc.db.SlickExtension;
import akka.persistence.jdbc.db.SlickExtensionImpl;
import akka.serialization.SerializationExtension;
import akka.stream.Materializer;
import io.lanying.persistence.TestNode;

/** The plug-in's parts, one by one. */
final class Daos {

    private Daos() {}

    /** Puts all that it is given at once into one batch. */
    static FencedJournalDao journal(TestNode node) {
        var system = Adapter.toClassic(node.system);
        var config = system.settings().config().getConfig("jdbc-journal");
        var slick = ((SlickExtensionImpl) SlickExtension.get(system)).database(config);
        return new FencedJournalDao(
                slick.database(),
                slick.profile(),
                new JournalConfig(config),
                SerializationExtension.get(system),
                system.dispatcher(),
                Materializer.matFromSystem(system));
    }
}
