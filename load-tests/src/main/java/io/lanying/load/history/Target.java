package io.lanying.load.history;

/** A device of a tenant: who is sent to, and who receives. */
public record Target(String tenant, String device) {

    @Override
    public String toString() {
        return tenant + "/" + device;
    }
}
