package io.lanying.actors.tenant;

import io.lanying.protocol.ErrorCode;
import io.lanying.protocol.tenant.Role;
import io.lanying.protocol.tenant.TenantEvent.RoleDeleted;
import io.lanying.protocol.tenant.TenantEvent.RolePut;
import io.lanying.protocol.tenant.TenantReply.Deleted;
import io.lanying.protocol.tenant.TenantReply.RoleIs;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A tenant's roles, at most {@value #MAX}, in the order of their making. Pure.
 *
 * @param list one role for each name
 */
record Roles(List<Role> list) {

    static final int MAX = 50;

    Decision put(Role role, Instant now) {
        boolean known = has(role.name());
        if (!known && list.size() >= MAX) {
            return Decision.refused(ErrorCode.LIMIT_REACHED);
        }
        var reply = new RoleIs(role, !known);
        return list.contains(role) ? Decision.answer(reply) : Decision.happened(new RolePut(now, role), reply);
    }

    Decision delete(String name, Instant now) {
        return has(name)
                ? Decision.happened(new RoleDeleted(now, name), new Deleted())
                : Decision.answer(new Deleted());
    }

    boolean has(String name) {
        return list.stream().anyMatch(role -> role.name().equals(name));
    }

    List<Role> with(Role role) {
        var changed = new ArrayList<>(list);
        changed.replaceAll(old -> old.name().equals(role.name()) ? role : old);
        if (!has(role.name())) {
            changed.add(role);
        }
        return changed;
    }

    List<Role> without(String name) {
        return list.stream().filter(role -> !role.name().equals(name)).toList();
    }
}
