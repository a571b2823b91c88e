package io.lanying.protocol.registry;

import akka.Done;
import java.util.concurrent.CompletionStage;

/** Entities write their own rows here, before they answer. A failed stage means unknown: write again, it is harmless. */
public interface RegistryWriter {

    CompletionStage<Done> write(DeviceRow row);

    CompletionStage<Done> write(TenantRow row);
}
