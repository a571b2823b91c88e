package io.lanying.persistence.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class PatientDriverTest {

    private final Connection connection = proxy(Connection.class, List.of());

    @Test
    void aFirstFailureIsSaidAtOnce() {
        Driver driver = new PatientDriver(proxy(Driver.class, List.of(new SQLException("refused"), connection)));

        assertThatThrownBy(() -> driver.connect("url", new Properties())).hasMessage("refused");
    }

    @Test
    void whoHasEverConnectedTriesAgain() throws SQLException {
        Driver driver = new PatientDriver(proxy(
                Driver.class,
                List.of(connection, new SQLException("down"), new SQLException("starting up"), connection)));
        driver.connect("url", new Properties());

        assertThat(driver.connect("url", new Properties())).isSameAs(connection);
    }

    @Test
    void anInterruptEndsIt() throws SQLException {
        Driver driver =
                new PatientDriver(proxy(Driver.class, List.of(connection, new SQLException("down"), connection)));
        driver.connect("url", new Properties());
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> driver.connect("url", new Properties())).hasMessage("down");
        assertThat(Thread.interrupted()).isTrue();
    }

    /** Answers in this order, whatever is called. */
    private static <T> T proxy(Class<T> type, List<Object> answers) {
        Deque<Object> left = new ArrayDeque<>(answers);
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> {
                    Object answer = left.remove();
                    if (answer instanceof SQLException failure) {
                        throw failure;
                    }
                    return answer;
                }));
    }
}
