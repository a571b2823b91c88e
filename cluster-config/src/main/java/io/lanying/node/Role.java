package io.lanying.node;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** What a node does. */
enum Role {
    /** Devices, users, conversations and all else that has a journal live here. */
    ENTITIES,
    /** The public port is open here: calls and sockets. */
    EDGE;

    /** The role's name in the cluster. */
    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Set<Role> of(String list) {
        Set<Role> roles = EnumSet.noneOf(Role.class);
        for (String word : list.split(",", -1)) {
            roles.add(Arrays.stream(values())
                    .filter(role -> role.text().equals(word.strip()))
                    .findFirst()
                    .orElseThrow(() -> new StartRefused(
                            "LANYING_ROLES=" + list + " is not known: use entities, edge or entities,edge")));
        }
        return Set.copyOf(roles);
    }
}
