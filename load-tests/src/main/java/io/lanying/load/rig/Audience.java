package io.lanying.load.rig;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Random;

/**
 * Whom a notification to many is for.
 *
 * @param json in the API's words
 * @param devices who belongs to it, by our own count
 */
public record Audience(ObjectNode json, List<String> devices) {

    public Audience {
        devices = List.copyOf(devices);
    }

    /** Some of the phones of one tenant, named in one of the ways that there are. */
    static Audience random(List<Phone> phones, Random random) {
        Phone one = phones.get(random.nextInt(phones.size()));
        return switch (random.nextInt(4)) {
            case 0 -> devices(List.of(one, phones.get(random.nextInt(phones.size()))));
            case 1 -> user(one.owner(), phones);
            case 2 ->
                one.registration().tags().isEmpty()
                        ? everyone(phones)
                        : tag(one.registration().tags().get(0), phones);
            default -> everyone(phones);
        };
    }

    /** Everyone. */
    public static Audience everyone(List<Phone> phones) {
        return new Audience(newJson().put("everyone", true), names(phones));
    }

    private static Audience devices(List<Phone> phones) {
        ObjectNode json = newJson();
        phones.stream().map(Phone::device).distinct().forEach(json.putArray("devices")::add);
        return new Audience(json, names(phones));
    }

    private static Audience user(String user, List<Phone> phones) {
        ObjectNode json = newJson();
        json.putArray("users").add(user);
        return new Audience(
                json,
                names(phones.stream()
                        .filter(phone -> phone.owner().equals(user))
                        .toList()));
    }

    private static Audience tag(String tag, List<Phone> phones) {
        ObjectNode json = newJson();
        json.putObject("tags").putArray("any").add(tag);
        return new Audience(
                json,
                names(phones.stream()
                        .filter(phone -> phone.registration().tags().contains(tag))
                        .toList()));
    }

    private static ObjectNode newJson() {
        return JsonNodeFactory.instance.objectNode();
    }

    private static List<String> names(List<Phone> phones) {
        return phones.stream().map(Phone::device).distinct().toList();
    }
}
