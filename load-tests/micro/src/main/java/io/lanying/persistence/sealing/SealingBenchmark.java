package io.lanying.persistence.sealing;

import io.lanying.micro.Samples;
import io.lanying.micro.ShortRun;
import io.lanying.protocol.sealing.Sealed;
import io.lanying.protocol.sealing.Sealer;
import java.util.Base64;
import org.openjdk.jmh.annotations.Benchmark;

/** A body of 300 bytes under a key that is at hand, and what a key that is not costs besides its row. */
public class SealingBenchmark extends ShortRun {

    private final MasterKey master = MasterKey.of(Base64.getEncoder().encodeToString(new byte[32]));
    private final SubjectKeyset keys = SubjectKeyset.make(master, Samples.TENANT, Samples.SUBJECT);
    private final Sealer sealer = keys.sealer(master, Samples.TENANT, Samples.SUBJECT);
    private final String item = Samples.notificationId(42);
    private final byte[] body = Samples.body();
    private final Sealed sealed = sealer.seal(item, "body", body);

    @Benchmark
    public Sealed seal() {
        return sealer.seal(item, "body", body);
    }

    @Benchmark
    public byte[] open() {
        return sealer.open(item, "body", sealed);
    }

    @Benchmark
    public String fingerprint() {
        return sealer.fingerprint(body);
    }

    /** The subject's two keys out of their wrapping. */
    @Benchmark
    public Sealer unwrapKeys() {
        return keys.sealer(master, Samples.TENANT, Samples.SUBJECT);
    }
}
