package io.lanying.persistence;

import com.typesafe.config.Config;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;

/** One node on one fresh database for the tests of a class; subclasses are marked @ForEachStore. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class StoreTest {

    @Parameter
    protected Store store;

    protected Config config;
    protected TestNode node;

    /** What the class needs beside the database. */
    protected String settings() {
        return "";
    }

    @BeforeParameterizedClassInvocation
    void startNode() {
        config = store.fresh();
        node = TestNode.start(config, settings());
    }

    @AfterParameterizedClassInvocation
    void endNode() {
        if (node != null) {
            node.close();
        }
        TestNode.remove(config);
    }

    /** The same database under a new node. */
    protected void restart() {
        node.close();
        node = TestNode.start(config, settings());
    }
}
