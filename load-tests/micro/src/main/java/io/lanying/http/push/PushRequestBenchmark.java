package io.lanying.http.push;

import io.lanying.http.json.StrictJson;
import io.lanying.micro.Samples;
import io.lanying.micro.ShortRun;
import java.nio.charset.StandardCharsets;
import org.openjdk.jmh.annotations.Benchmark;

/** The body of {@code POST /v1/notifications} for one device, and what is made of it before it is sealed. */
public class PushRequestBenchmark extends ShortRun {

    private final byte[] json =
            "{\"audience\":{\"devices\":[\"%s\"]},\"message\":{%s},\"delivery\":{\"ttlSeconds\":3600}}"
                    .formatted(Samples.DEVICE, Samples.message())
                    .getBytes(StandardCharsets.UTF_8);
    private final NotificationRequest request = request();

    /** Strict JSON, then every field. */
    @Benchmark
    public Object parse() {
        return request();
    }

    /** The body that the device gets: 300 bytes. */
    @Benchmark
    public byte[] writeBody() {
        return PushBody.bytes(request.message());
    }

    /** What a repeat is recognised by, before its fingerprint is taken. */
    @Benchmark
    public byte[] writeCanonical() {
        return PushBody.canonical(request);
    }

    private NotificationRequest request() {
        return StrictJson.parse(json)
                .then(document -> NotificationReader.read(document, Samples.AT))
                .fold(read -> read, problem -> {
                    throw Samples.wrong(problem);
                });
    }
}
