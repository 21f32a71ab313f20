import { SwarmError } from "../../../errors.ts";
import type { CallContext } from "../../base/resource.ts";
import { changing, type Daemon } from "../daemon.ts";
import { daemonEvents } from "./daemon-events.ts";
import { registryOf } from "./reference.ts";
import { authFor } from "./registry-auth.ts";

/** Pulls an image on the daemon and reports progress. @throws SwarmError SW738 with the registry's message */
export async function pullImage(
  name: string,
  platform: string | undefined,
  { log, signal }: Pick<CallContext, "log" | "signal">,
  daemon: Daemon,
): Promise<void> {
  const what = `image ${name} is not on the docker host and cannot be pulled`;
  const authconfig = await authFor(registryOf(name), daemon.registries);
  log.progress(`pulling ${name}`);
  const stream = await changing(
    what,
    daemon.ask((client) =>
      client.pull(name, {
        ...(platform !== undefined && { platform }),
        ...(authconfig && { authconfig }),
        abortSignal: signal,
      }),
    ),
  );
  try {
    for await (const { status = "", id = "", progress = "" } of daemonEvents(stream)) {
      log.progress(`${status} ${id} ${progress}`.trim());
    }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new SwarmError("SW738", `${what}: ${message}`, { cause: error, values: { image: name } });
  }
  log.progress("");
}
