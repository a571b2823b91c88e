package io.lanying.persistence.attachment;

import akka.Done;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;

/**
 * Objects of one bucket of an S3-compatible store. Asks no more of it than to put, to read a range of, and to delete an object, so
 * that any store will do; what is put is there whole or not at all by S3's own promise. Each call blocks one thread of the executor.
 */
final class S3Store implements BlobStore {

    private static final Duration CONNECTING = Duration.ofSeconds(5);

    /** With no byte coming or going. */
    private static final Duration SILENCE = Duration.ofSeconds(20);

    /** With the client's repeats. */
    private static final Duration CALL = Duration.ofMinutes(1);

    private final S3Settings settings;
    private final Executor executor;
    private final S3Client client;

    /** @throws io.lanying.persistence.StartRefused if there are no credentials */
    S3Store(S3Settings settings, Executor executor) {
        this.settings = settings;
        this.executor = executor;
        settings.credentials();
        var builder = S3Client.builder()
                .httpClient(UrlConnectionHttpClient.builder()
                        .connectionTimeout(CONNECTING)
                        .socketTimeout(SILENCE)
                        .build())
                .region(Region.of(settings.region()))
                .forcePathStyle(settings.pathStyle())
                .credentialsProvider(() -> {
                    var credentials = settings.credentials();
                    return AwsBasicCredentials.create(credentials.accessKeyId(), credentials.secretAccessKey());
                })
                // Each body is signed as a whole: signatures in between are something that not every store reads.
                .serviceConfiguration(signing -> signing.chunkedEncodingEnabled(false))
                // Trailing checksums are newer than most stores; contents are hashed when they are complete.
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .overrideConfiguration(calls -> calls.apiCallTimeout(CALL));
        settings.endpoint().ifPresent(builder::endpointOverride);
        this.client = builder.build();
    }

    @Override
    public CompletionStage<Done> put(String name, byte[] bytes) {
        var request = PutObjectRequest.builder()
                .bucket(settings.bucket())
                .key(key(name))
                .contentType("application/octet-stream")
                .build();
        return run(() -> {
            client.putObject(request, RequestBody.fromBytes(bytes));
            return Done.getInstance();
        });
    }

    @Override
    public CompletionStage<byte[]> read(String name, long offset, int length) {
        var request = GetObjectRequest.builder()
                .bucket(settings.bucket())
                .key(key(name))
                .range("bytes=" + offset + "-" + (offset + length - 1))
                .build();
        return run(() -> {
            try {
                return part(client.getObjectAsBytes(request), (int) offset, length);
            } catch (NoSuchKeyException e) {
                throw new Missing(name);
            }
        });
    }

    /** A store may leave a range out of account, and then sends the whole object. */
    private static byte[] part(ResponseBytes<GetObjectResponse> answer, int offset, int length) throws IOException {
        byte[] bytes = answer.asByteArrayUnsafe();
        int from = answer.response().contentRange() == null ? offset : 0;
        if (bytes.length < from + length) {
            throw new IOException("an object is shorter than it was");
        }
        return from == 0 && bytes.length == length ? bytes : Arrays.copyOfRange(bytes, from, from + length);
    }

    @Override
    public CompletionStage<Done> delete(String name) {
        var request = DeleteObjectRequest.builder()
                .bucket(settings.bucket())
                .key(key(name))
                .build();
        return run(() -> {
            client.deleteObject(request);
            return Done.getInstance();
        });
    }

    private String key(String name) {
        return settings.prefix() + BlobStore.checked(name);
    }

    private <T> CompletionStage<T> run(Callable<T> call) {
        var result = new CompletableFuture<T>();
        try {
            executor.execute(() -> {
                try {
                    result.complete(call.call());
                } catch (Exception e) {
                    result.completeExceptionally(e);
                }
            });
        } catch (RejectedExecutionException e) {
            result.completeExceptionally(e);
        }
        return result;
    }

    @Override
    public void close() {
        client.close();
    }
}
