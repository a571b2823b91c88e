package io.lanying.load.fault;

import io.lanying.load.check.Invariant;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Faults that a server could have, acted out by a proxy before a server that has none; each breaks one promise. */
public enum PlantedFault {
    /** Accepted, and never thought of again. */
    ACCEPTED_BUT_NOT_STORED(Invariant.I1),
    /** An item is left out, those after it come. */
    ITEM_LEFT_OUT(Invariant.I2),
    /** Two items change places. */
    ITEMS_SWAPPED(Invariant.I2),
    /** An item comes twice. */
    ITEM_TWICE(Invariant.I3),
    /** A repeated command is taken for a new one. */
    KEY_IGNORED(Invariant.I3),
    /** A device gets what was meant for another. */
    WRONG_DEVICE(Invariant.I4),
    /** A past state tells another position than the events make. */
    STATE_DIFFERS(Invariant.I6),
    /** Overload shows as an internal error. */
    OVERLOAD_AS_ERROR(Invariant.I7),
    /** An answer carries what another tenant was sent. */
    TENANTS_MIXED(Invariant.I9);

    private static final int EVERY = 7;

    private final Invariant breaks;

    PlantedFault(Invariant breaks) {
        this.breaks = breaks;
    }

    public Invariant breaks() {
        return breaks;
    }

    Meddling newMeddling() {
        return switch (this) {
            case ACCEPTED_BUT_NOT_STORED -> new AcceptedButNotStored();
            case ITEM_LEFT_OUT -> new ItemLeftOut();
            case ITEMS_SWAPPED -> new ItemsSwapped();
            case ITEM_TWICE -> new ItemTwice();
            case KEY_IGNORED -> new KeyIgnored();
            case WRONG_DEVICE -> new WrongDevice();
            case STATE_DIFFERS -> new StateDiffers();
            case OVERLOAD_AS_ERROR -> new OverloadAsError();
            case TENANTS_MIXED -> new TenantsMixed();
        };
    }

    private static boolean isSend(HttpMessage request) {
        return request.startsWith("POST /v1/notifications");
    }

    private static boolean isPush(String frame) {
        return frame.contains("\"t\":\"item\"") && frame.contains("\"kind\":\"push\"");
    }

    /** Lets every seventh through to the fault. */
    private abstract static class Now {
        private final AtomicInteger count = new AtomicInteger();

        boolean now() {
            return count.incrementAndGet() % EVERY == 0;
        }
    }

    private static final class AcceptedButNotStored extends Now implements Meddling {
        @Override
        public Optional<HttpMessage> instead(HttpMessage request) {
            return isSend(request) && now()
                    ? Optional.of(HttpMessage.answer(
                            "202 Accepted", "{\"notificationId\":\"nlost" + System.nanoTime() + "\"}"))
                    : Optional.empty();
        }
    }

    private static final class ItemLeftOut extends Now implements Meddling {
        @Override
        public List<String> frame(int socket, String text) {
            return isPush(text) && now() ? List.of() : List.of(text);
        }
    }

    /** Holds a frame back until the next of its socket has passed. */
    private static final class ItemsSwapped extends Now implements Meddling {
        private final Map<Integer, String> held = new HashMap<>();

        @Override
        public synchronized List<String> frame(int socket, String text) {
            String before = held.remove(socket);
            if (before != null) {
                return List.of(text, before);
            }
            if (isPush(text) && now()) {
                held.put(socket, text);
                return List.of();
            }
            return List.of(text);
        }
    }

    private static final class ItemTwice extends Now implements Meddling {
        @Override
        public List<String> frame(int socket, String text) {
            return isPush(text) && now() ? List.of(text, text) : List.of(text);
        }
    }

    private static final class KeyIgnored implements Meddling {
        private final AtomicInteger count = new AtomicInteger();

        @Override
        public HttpMessage request(HttpMessage request) {
            return isSend(request)
                    ? request.withHeader(
                            "Idempotency-Key", request.header("Idempotency-Key") + "-" + count.incrementAndGet())
                    : request;
        }
    }

    private static final class WrongDevice extends Now implements Meddling {
        private static final Pattern BODY = Pattern.compile("\"body\":\\{.*}(?=})");
        private final Map<Integer, String> bodies = new HashMap<>();

        @Override
        public synchronized List<String> frame(int socket, String text) {
            Matcher own = BODY.matcher(text);
            if (!isPush(text) || !own.find()) {
                return List.of(text);
            }
            bodies.put(socket, own.group());
            Optional<String> others = bodies.entrySet().stream()
                    .filter(entry -> entry.getKey() != socket)
                    .map(Map.Entry::getValue)
                    .findFirst();
            return others.isPresent() && now()
                    ? List.of(own.replaceFirst(Matcher.quoteReplacement(others.get())))
                    : List.of(text);
        }
    }

    private static final class StateDiffers implements Meddling {
        @Override
        public HttpMessage answer(HttpMessage request, HttpMessage answer) {
            return request.head().contains("asOfSeq=")
                    ? answer.withBody(answer.body().replaceAll("\"lastSeq\":(\\d+)", "\"lastSeq\":1$1"))
                    : answer;
        }
    }

    private static final class OverloadAsError extends Now implements Meddling {
        @Override
        public Optional<HttpMessage> instead(HttpMessage request) {
            return isSend(request) && now()
                    ? Optional.of(HttpMessage.answer("500 Internal Server Error", "{\"code\":\"internal\"}"))
                    : Optional.empty();
        }
    }

    /** Answers sends with the last texts that were sent, whoever sent them. */
    private static final class TenantsMixed implements Meddling {
        private final ArrayDeque<String> texts = new ArrayDeque<>();

        @Override
        public synchronized HttpMessage answer(HttpMessage request, HttpMessage answer) {
            if (!isSend(request) || !answer.body().endsWith("}")) {
                return answer;
            }
            texts.add(request.body().replaceAll("[^A-Za-z0-9 -]", ""));
            if (texts.size() > EVERY) {
                texts.remove();
            }
            String leaked = ",\"debug\":\"" + String.join(" ", texts) + "\"}";
            return answer.withBody(answer.body().substring(0, answer.body().length() - 1) + leaked);
        }
    }
}
