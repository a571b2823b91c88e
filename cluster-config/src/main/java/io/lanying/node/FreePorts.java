package io.lanying.node;

import io.lanying.node.NodeSettings.Endpoint;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Looks before the start whether the node's ports can be had, so that a taken one is said in one line. */
final class FreePorts {

    private FreePorts() {}

    /** @throws StartRefused naming the port and the variable that changes it */
    static void require(Endpoint... endpoints) {
        for (Endpoint endpoint : endpoints) {
            if (endpoint.port() != 0) {
                require(endpoint);
            }
        }
    }

    private static void require(Endpoint endpoint) {
        InetSocketAddress address = new InetSocketAddress(endpoint.host(), endpoint.port());
        if (address.isUnresolved()) {
            throw new StartRefused("host " + endpoint.host() + " is not known: see " + hostVariable(endpoint));
        }
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(address);
        } catch (BindException e) {
            throw new StartRefused(
                    String.valueOf(e.getMessage()).contains("in use")
                            ? "port " + endpoint.port() + " on " + endpoint.host()
                                    + " is taken: stop what uses it or set " + endpoint.variable()
                            : "cannot listen on " + endpoint.host() + ":" + endpoint.port() + ": see "
                                    + hostVariable(endpoint) + " and " + endpoint.variable(),
                    e);
        } catch (IOException e) {
            throw new StartRefused("cannot listen on " + endpoint.host() + ":" + endpoint.port(), e);
        }
    }

    private static String hostVariable(Endpoint endpoint) {
        return endpoint.variable().replace("_PORT", "_HOST");
    }
}
