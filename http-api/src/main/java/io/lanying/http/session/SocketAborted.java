package io.lanying.http.session;

/** Cuts a connection whose other side does not take part in closing it. */
final class SocketAborted extends RuntimeException {

    private static final long serialVersionUID = 1L;

    SocketAborted() {
        super("the app did not answer the close of its socket", null, false, false);
    }
}
