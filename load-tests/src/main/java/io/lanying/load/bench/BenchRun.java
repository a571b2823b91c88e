package io.lanying.load.bench;

/**
 * One run's figures.
 *
 * @param serverCpu CPU seconds of the server in the measured time
 * @param databaseCpu of the database with all its processes; 0 if it is in the server's process
 * @param loadCpu of the load generator
 * @param serverBytes resident memory of the server after the run
 */
record BenchRun(
        LoadResult load, double serverCpu, double databaseCpu, double loadCpu, long serverBytes, String machineLoad) {

    /** Microseconds of server and database CPU for each accepted push. */
    double cpuMicrosPerPush() {
        return (serverCpu + databaseCpu) * 1e6 / Math.max(1, load.acceptedMeasured());
    }

    double serverMicrosPerPush() {
        return serverCpu * 1e6 / Math.max(1, load.acceptedMeasured());
    }

    double databaseMicrosPerPush() {
        return databaseCpu * 1e6 / Math.max(1, load.acceptedMeasured());
    }
}
