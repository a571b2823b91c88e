package io.lanying.load.rig;

import io.lanying.load.client.App;
import io.lanying.load.client.Service;
import io.lanying.load.history.Target;

/** A device of a run, with the app of its present owner. */
public final class Phone {

    private final Service service;
    private final String device;
    private App app;
    private String owner;

    Phone(Service service, String device, String owner, App app) {
        this.service = service;
        this.device = device;
        this.owner = owner;
        this.app = app;
    }

    public Service service() {
        return service;
    }

    public String device() {
        return device;
    }

    public Target target() {
        return service.device(device);
    }

    public App app() {
        return app;
    }

    public String owner() {
        return owner;
    }

    void newOwner(String newOwner, App newApp) {
        owner = newOwner;
        app = newApp;
    }
}
