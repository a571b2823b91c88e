package io.lanying.http.outbound;

/** A name leads to no address that this node may call. */
public final class AddressRefused extends RuntimeException {

    private static final long serialVersionUID = 1L;

    AddressRefused() {
        super("the name leads to no public address", null, false, false);
    }
}
