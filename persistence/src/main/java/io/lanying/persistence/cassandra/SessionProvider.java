package io.lanying.persistence.cassandra;

import akka.actor.ActorSystem;
import akka.stream.alpakka.cassandra.CqlSessionProvider;
import akka.stream.alpakka.cassandra.DriverConfigLoaderFromConfig;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.CqlSessionBuilder;
import com.typesafe.config.Config;
import scala.concurrent.ExecutionContext;
import scala.concurrent.Future;
import scala.jdk.javaapi.FutureConverters;

/**
 * Opens the one session of a node with our settings. The plug-in makes it by name ({@code akka.persistence.cassandra.session-provider})
 * with this constructor.
 */
public final class SessionProvider implements CqlSessionProvider {

    private final Config root;

    public SessionProvider(ActorSystem system, Config plugin) {
        this.root = system.settings().config();
    }

    @Override
    public Future<CqlSession> connect(ExecutionContext executor) {
        CassandraSettings settings = CassandraSettings.from(root);
        CqlSessionBuilder builder = CqlSession.builder()
                .withConfigLoader(DriverConfigLoaderFromConfig.fromConfig(root.getConfig("datastax-java-driver")))
                .addContactPoints(settings.contactPoints())
                .withLocalDatacenter(settings.datacenter());
        settings.login().ifPresent(login -> builder.withAuthCredentials(login.user(), login.password()));
        return FutureConverters.asScala(builder.buildAsync());
    }
}
