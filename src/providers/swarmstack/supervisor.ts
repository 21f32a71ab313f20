import { z } from "zod";
import { ensureSupervisor, readSupervisor, removeSite } from "../../runtime/supervisor/client.ts";
import { changedPaths } from "../base/diff.ts";
import type { CallContext, ChangeKind, Resource } from "../base/resource.ts";
import type { Properties } from "../base/values.ts";
import { siteHere, siteSchema } from "./site.ts";

const inputsSchema = z.object({
  cluster: z.string(),
  uid: z.string(),
  site: siteSchema,
  queue: z
    .object({
      redis: z.string(),
      streams: z.record(z.string(), z.object({ stream: z.string(), group: z.string() })),
    })
    .optional(),
});
const startTimeoutMs = 30_000;

/**
 * `swarmstack:index:Supervisor`: the process that owns the instances of a local cluster, and the folder of its files.
 * It outlives the engine; after a reboot the next update finds it gone and starts it again.
 */
export const supervisor: Resource = {
  refreshBeforeUpdate: true,
  check: async ({ news }) => ({ inputs: news }),

  async diff({ olds, oldInputs, news }) {
    const paths = Object.keys(changedPaths(oldInputs, news));
    const changes = Object.fromEntries(paths.map((path) => [path, kindOf(path)]));
    return { changes: olds.running === true ? changes : { ...changes, running: "update" } };
  },

  async create({ inputs, preview, ...context }) {
    const { site } = inputsSchema.parse(inputs);
    if (!preview) await start(inputs, context);
    return { id: site.dir, outputs: { ...inputs, running: true } };
  },

  async read({ id, olds, oldInputs }) {
    const { site } = inputsSchema.parse(oldInputs);
    const found = readSupervisor(siteHere(site));
    return { id, inputs: oldInputs, outputs: { ...olds, running: found.state === "alive" } };
  },

  async update({ news, preview, ...context }) {
    if (!preview) await start(news, context);
    return { ...news, running: true };
  },

  async delete({ olds }) {
    await removeSite(siteHere(inputsSchema.parse(olds).site));
  },
};

/** Another queue is told to the supervisor; anything else makes it the supervisor of another cluster. */
function kindOf(path: string): ChangeKind {
  return /^queue\b/.test(path) ? "update" : "update-replace";
}

async function start(inputs: Properties, { urn, signal, log }: CallContext): Promise<void> {
  const { cluster, uid, site, queue = {} } = inputsSchema.parse(inputs);
  const [stack = "", project = ""] = urn.slice("urn:pulumi:".length).split("::");
  log.progress("starting the supervisor");
  const owner = `${project}/${stack}`;
  await ensureSupervisor(
    { dir: siteHere(site), cluster, uid, owner },
    {
      deadlineMs: startTimeoutMs,
      settings: queue,
      signal,
    },
  );
  log.progress("");
}
