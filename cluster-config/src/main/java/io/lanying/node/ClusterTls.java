package io.lanying.node;

import akka.actor.ActorSystem;
import akka.remote.artery.tcp.SSLEngineProvider;
import io.lanying.http.tls.PemTls;
import java.nio.file.Path;
import java.time.Duration;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import scala.Option;

/**
 * TLS between nodes: each shows a certificate that the other's authorities signed, and who opens a connection wants the host it
 * asked for to be named in it. What the files hold is taken from the next connection on.
 *
 * <p>Who is called cannot know under which host the caller is a member, so a certificate of these authorities is all it asks for:
 * they should sign nothing but nodes.
 */
final class ClusterTls implements SSLEngineProvider {

    private final PemTls tls;

    /** The three files of {@code push.node.cluster.tls}, and how often they are looked at. */
    record Files(Path cert, Path key, Path authorities, Duration reloadInterval) {

        /** @throws StartRefused if they cannot be used */
        PemTls load() {
            try {
                return PemTls.loadMutual(cert, key, authorities);
            } catch (IllegalArgumentException e) {
                throw new StartRefused(
                        "LANYING_CLUSTER_TLS_CERT, LANYING_CLUSTER_TLS_KEY, LANYING_CLUSTER_TLS_CA: " + e.getMessage(),
                        e);
            }
        }
    }

    ClusterTls(ActorSystem system, PemTls tls, Duration reloadInterval) {
        this.tls = tls;
        system.scheduler()
                .scheduleWithFixedDelay(
                        reloadInterval,
                        reloadInterval,
                        tls::reloadIfChanged,
                        system.dispatchers().lookup("akka.actor.default-blocking-io-dispatcher"));
    }

    @Override
    public SSLEngine createServerSSLEngine(String hostname, int port) {
        return tls.engine();
    }

    @Override
    public SSLEngine createClientSSLEngine(String hostname, int port) {
        return tls.clientEngine(hostname, port);
    }

    /** The engine has checked all there is to check. */
    @Override
    public Option<Throwable> verifyClientSession(String hostname, SSLSession session) {
        return Option.empty();
    }

    /** The engine has checked all there is to check. */
    @Override
    public Option<Throwable> verifyServerSession(String hostname, SSLSession session) {
        return Option.empty();
    }
}
