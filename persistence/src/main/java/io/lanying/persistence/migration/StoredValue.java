package io.lanying.persistence.migration;

/** Something as its serialiser left it; never decoded here. */
@SuppressWarnings("ArrayRecordComponent") // compared by checksum only
public record StoredValue(int serializer, String manifest, byte[] bytes) {

    /** Neither contents nor their place in memory. */
    @Override
    public String toString() {
        return "StoredValue[" + serializer + ", " + manifest + ", " + bytes.length + " bytes]";
    }
}
