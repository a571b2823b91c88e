package io.lanying.persistence.database;

import io.lanying.persistence.StartRefused;
import java.util.Locale;

/** The databases we know, with what must hold for each before anything is written. */
public enum Dialect {
    H2("jdbc:h2:", "slick.jdbc.H2Profile$", "db/migration/h2"),
    POSTGRESQL("jdbc:postgresql:", "slick.jdbc.PostgresProfile$", "db/migration/postgresql");

    private final String urlPrefix;
    private final String profile;
    private final String migrations;

    Dialect(String urlPrefix, String profile, String migrations) {
        this.urlPrefix = urlPrefix;
        this.profile = profile;
        this.migrations = migrations;
    }

    /** The dialect of this profile; throws {@link StartRefused} if the URL does not fit it or would lose data. */
    static Dialect of(String profile, String url) {
        for (Dialect dialect : values()) {
            if (dialect.profile.equals(profile)) {
                dialect.check(url);
                return dialect;
            }
        }
        throw new StartRefused("no such database profile: " + profile);
    }

    /** Where its migrations are on the class path. */
    String migrations() {
        return migrations;
    }

    private void check(String url) {
        if (!url.startsWith(urlPrefix)) {
            throw new StartRefused(
                    url.isEmpty()
                            ? "LANYING_JDBC_URL is not set: with LANYING_JOURNAL=postgres it is needed"
                            : "the JDBC URL does not start with " + urlPrefix
                                    + ": LANYING_JOURNAL and LANYING_JDBC_URL must name the same database");
        }
        if (this == H2) {
            checkH2(url);
        }
    }

    private static void checkH2(String url) {
        if (!url.startsWith("jdbc:h2:file:")) {
            throw new StartRefused("the H2 URL must be jdbc:h2:file:…, anything else does not outlive the node");
        }
        String path = url.substring("jdbc:h2:file:".length());
        if (!path.startsWith("/") && !path.startsWith("./") && !path.startsWith("~") && !path.matches("[A-Za-z]:.*")) {
            throw new StartRefused("LANYING_DATA_DIR must be absolute or start with ./ for H2");
        }
        // H2's default of 500 ms loses acknowledged rows at kill -9 (org.h2.engine.Constants.DEFAULT_WRITE_DELAY).
        if (!(url.toUpperCase(Locale.ROOT) + ";").contains(";WRITE_DELAY=0;")) {
            throw new StartRefused("the H2 URL lacks WRITE_DELAY=0: without it a crash loses acknowledged data");
        }
    }
}
