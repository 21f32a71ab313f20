import type { Readable } from "node:stream";
import type { ImageBuildOptions } from "dockerode";
import { create } from "tar";
import { type BuildContext, readBuildContext } from "../../../docker-host/build-context.ts";
import { SwarmError } from "../../../errors.ts";
import type { CallContext } from "../../base/resource.ts";
import { changing, type Daemon } from "../daemon.ts";
import { ownedBy } from "../owner.ts";
import { daemonEvents } from "./daemon-events.ts";
import type { ImageInputs } from "./inputs.ts";

/** Names the resource that an image was built for. Containers inherit it from their image, so it cannot serve as their ownership label. */
const builtForLabel = "swarmstack.dev/built-for";

const lastLines = 5;

/**
 * Builds an image from a folder on the daemon and reports progress. Removes earlier images of the same resource that no
 * container uses.
 *
 * @throws SwarmError SW738 with the last output of the daemon and the failed step; SW802 when the folder cannot be read
 */
export async function buildImage(
  { name, build, platform }: ImageInputs & { readonly build: NonNullable<ImageInputs["build"]> },
  context: Pick<CallContext, "log" | "signal" | "urn">,
  daemon: Daemon,
): Promise<void> {
  const { log, signal } = context;
  const owner = ownedBy(daemon.owner(context));
  const what = `image ${name} cannot be built from ${build.context}`;
  const said: string[] = [];
  const options: ImageBuildOptions = {
    t: name,
    rm: true,
    forcerm: true,
    labels: { [builtForLabel]: owner },
    ...(build.dockerfile !== undefined && { dockerfile: build.dockerfile }),
    ...(platform !== undefined && { platform }),
    abortSignal: signal,
  };
  log.progress(`building ${name}`);
  const archive = archiveOf(readBuildContext(build.context));
  const stream = await changing(
    what,
    daemon.ask((client) => client.buildImage(archive, options)),
  );
  try {
    for await (const { stream: text = "", status = "" } of daemonEvents(stream)) {
      const line = (text || status).trim();
      if (line === "") continue;
      said.push(line);
      log.progress(line);
    }
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const last = said.slice(-lastLines).join("\n");
    throw new SwarmError("SW738", `${what}: ${reason.trim()}${last === "" ? "" : `; its last output:\n${last}`}`, {
      ...{ cause, values: { image: name, context: build.context } },
    });
  }
  const filters = { dangling: { true: true }, label: { [`${builtForLabel}=${owner}`]: true } };
  await daemon.ask((client) => client.pruneImages({ filters }));
  log.progress("");
}

/** Files are owned by root, without times and with default modes, so the daemon's build cache works across checkouts. */
function archiveOf({ folder, paths }: BuildContext): Readable {
  const options = { cwd: folder, portable: true, noMtime: true, noDirRecurse: true } as const;
  return create(options, [...paths]) as unknown as Readable;
}
