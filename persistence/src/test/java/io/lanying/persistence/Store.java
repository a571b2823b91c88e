package io.lanying.persistence;

import com.typesafe.config.Config;
import io.lanying.persistence.testing.PostgresServer;
import io.lanying.persistence.testing.StoreConfigs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;

/** The databases that every test runs on. */
public enum Store {
    H2,
    POSTGRESQL;

    /** Configuration of a fresh database, which several nodes may share or one may open again. */
    public Config fresh() {
        if (this == POSTGRESQL) {
            return StoreConfigs.postgres(PostgresServer.shared().newDatabase());
        }
        try {
            return StoreConfigs.h2(Files.createTempDirectory("lanying-h2-"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
