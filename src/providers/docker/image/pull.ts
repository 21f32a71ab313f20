import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { SwarmError } from "../../../errors.ts";
import type { CallContext } from "../../base/resource.ts";
import { changing, type Daemon } from "../daemon.ts";
import type { RegistryAuth } from "../settings.ts";
import { daemonEvents } from "./daemon-events.ts";
import { registryOf } from "./reference.ts";

/** Lets the daemon fetch an image from its registry, and shows how far it is. @throws SwarmError SW738 in the registry's words */
export async function pullImage(
  name: string,
  platform: string | undefined,
  { log, signal }: Pick<CallContext, "log" | "signal">,
  daemon: Daemon,
): Promise<void> {
  const what = `image ${name} is not on the docker host and cannot be pulled`;
  const authconfig = authOf(registryOf(name), daemon.registries);
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

const configSchema = z.object({ auths: z.record(z.string(), z.object({ auth: z.string().optional() })).optional() });

/** What the provider was given for a registry, else what `docker login` wrote. */
function authOf(registry: string, given: readonly RegistryAuth[]) {
  const host = (address: string) => address.replace(/^https?:\/\//, "").replace(/\/.*$/, "");
  const found = given.find(({ address }) => host(address) === registry);
  if (found !== undefined) return { username: found.username, password: found.password, serveraddress: registry };
  const { auths = {} } = readConfig();
  const [, entry] = Object.entries(auths).find(([address]) => host(address).replace("index.", "") === registry) ?? [];
  if (entry?.auth === undefined) return undefined;
  const [username = "", ...password] = Buffer.from(entry.auth, "base64").toString().split(":");
  return { username, password: password.join(":"), serveraddress: registry };
}

function readConfig(): z.infer<typeof configSchema> {
  try {
    const folder = process.env.DOCKER_CONFIG ?? join(homedir(), ".docker");
    return configSchema.parse(JSON.parse(readFileSync(join(folder, "config.json"), "utf8")));
  } catch {
    return {};
  }
}
