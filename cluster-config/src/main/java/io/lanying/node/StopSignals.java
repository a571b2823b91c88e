package io.lanying.node;

import java.lang.reflect.Proxy;

/**
 * Runs a graceful stop on SIGTERM and SIGINT, so that the process can end with 0: a shutdown hook cannot choose the exit
 * code. By reflection, because the compiler warns of the class by name; it is in the supported module jdk.unsupported.
 */
final class StopSignals {

    private StopSignals() {}

    static void onStop(Runnable stop) throws ReflectiveOperationException {
        Class<?> signal = Class.forName("sun.misc.Signal");
        Class<?> handler = Class.forName("sun.misc.SignalHandler");
        Object proxy = Proxy.newProxyInstance(
                handler.getClassLoader(), new Class<?>[] {handler}, (self, method, arguments) -> {
                    if (method.getName().equals("handle")) {
                        stop.run();
                        return null;
                    }
                    return switch (method.getName()) {
                        case "hashCode" -> System.identityHashCode(self);
                        case "equals" -> self == arguments[0];
                        default -> "stop";
                    };
                });
        for (String name : new String[] {"TERM", "INT"}) {
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
        }
    }
}
