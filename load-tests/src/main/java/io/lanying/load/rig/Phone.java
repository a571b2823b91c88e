package io.lanying.load.rig;

import io.lanying.load.client.App;
import io.lanying.load.client.Service;
import io.lanying.load.history.Target;
import java.util.Optional;

/** A device of a run, with the app of its present owner. */
public final class Phone {

    /** How its app behaves while a run goes on. */
    public enum Manner {
        /** Connected, and acknowledging. */
        ATTENTIVE,
        /** Connected, and not acknowledging. */
        SILENT,
        /** Not connected until the run settles. */
        AWAY,
        /** Never connected. */
        LOST
    }

    private final Service service;
    private final String device;
    private final Manner manner;
    private Service.Registration registration;
    private Optional<App> app = Optional.empty();

    Phone(Service service, String device, Service.Registration registration, Manner manner) {
        this.service = service;
        this.device = device;
        this.registration = registration;
        this.manner = manner;
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

    public Manner manner() {
        return manner;
    }

    public Service.Registration registration() {
        return registration;
    }

    public String owner() {
        return registration.owner();
    }

    /** The app that is open. */
    public App app() {
        return app.orElseThrow(() -> new IllegalStateException(target() + " has no app open"));
    }

    /** Whether an app is open. */
    public boolean isOpen() {
        return app.isPresent();
    }

    void registered(Service.Registration now) {
        registration = now;
    }

    void opened(App opened) {
        app = Optional.of(opened);
    }

    void close() {
        app.ifPresent(App::close);
        app = Optional.empty();
    }
}
