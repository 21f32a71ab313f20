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

/** Which resource an image was built for. Containers have the labels of their image, so it is none that says whose they are. */
const builtForLabel = "swarmstack.dev/built-for";

const lastLines = 5;

/**
 * Lets the daemon build an image of a folder, under its name, and shows how far it is. What the same resource had built before
 * and nothing runs any more goes.
 *
 * @throws SwarmError SW738 with what the daemon, and the failed step, said last; SW802 where the folder cannot be read
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
    throw new SwarmError("SW738", `${what}: ${reason.trim()}${last === "" ? "" : `; its last words:\n${last}`}`, {
      ...{ cause, values: { image: name, context: build.context } },
    });
  }
  const filters = { dangling: { true: true }, label: { [`${builtForLabel}=${owner}`]: true } };
  await daemon.ask((client) => client.pruneImages({ filters }));
  log.progress("");
}

/** Files are root's, of no time and with the usual rights, so that the daemon's cache knows them from any checkout. */
function archiveOf({ folder, paths }: BuildContext): Readable {
  const options = { cwd: folder, portable: true, noMtime: true, noDirRecurse: true } as const;
  return create(options, [...paths]) as unknown as Readable;
}
