package io.lanying.load.bench;

/** Tells nobody how far a load is. */
final class Silent implements LoadLoop.Watcher {

    @Override
    public void measuring() {}

    @Override
    public void measured() {}

    @Override
    public void second(int accepted, int received) {}
}
