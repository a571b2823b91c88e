package io.lanying.load.agent;

import java.util.Collection;
import net.bytebuddy.asm.Advice;

/** Code that Byte Buddy copies into the instrumented methods. */
final class Hooks {

    private Hooks() {}

    static final class Entry {
        private Entry() {}

        @Advice.OnMethodEnter
        static void enter() {
            Trigger.hit();
        }
    }

    static final class Exit {
        private Exit() {}

        @Advice.OnMethodExit
        static void exit() {
            Trigger.hit();
        }
    }

    static final class ExitWithEvent {
        private ExitWithEvent() {}

        @Advice.OnMethodExit
        static void exit(@Advice.Argument(0) Object what) {
            Trigger.hit(what);
        }
    }

    static final class EntryWithItems {
        private EntryWithItems() {}

        @Advice.OnMethodEnter
        static void enter(@Advice.Argument(0) Collection<?> items) {
            if (!items.isEmpty()) {
                Trigger.hit();
            }
        }
    }

    static final class ExitWithItems {
        private ExitWithItems() {}

        @Advice.OnMethodEnter
        static boolean enter(@Advice.Argument(0) Collection<?> items) {
            return !items.isEmpty();
        }

        @Advice.OnMethodExit
        static void exit(@Advice.Enter boolean hadItems) {
            if (hadItems) {
                Trigger.hit();
            }
        }
    }
}
