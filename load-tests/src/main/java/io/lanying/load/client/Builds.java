package io.lanying.load.client;

/** Which builds the nodes of a run are of. What is not this one is {@link EarlierBuild#required}. */
public enum Builds {
    THIS,
    /** Nodes of the earlier build, each replaced by one of this. */
    EARLIER_THEN_THIS,
    /** Nodes of this build, each replaced by one of the earlier. */
    THIS_THEN_EARLIER;

    /** Whether there are nodes of both at the same time. */
    public boolean areMixed() {
        return this != THIS;
    }

    /** A node as it is at first. */
    public ServerSettings first(ServerSettings settings) {
        return this == EARLIER_THEN_THIS ? EarlierBuild.required().node(settings) : settings;
    }

    /** The node that takes its place. */
    public ServerSettings next(ServerSettings settings) {
        return switch (this) {
            case THIS -> settings;
            case EARLIER_THEN_THIS -> EarlierBuild.upgraded(settings);
            case THIS_THEN_EARLIER -> EarlierBuild.required().node(settings);
        };
    }
}
