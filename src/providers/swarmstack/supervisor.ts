import { z } from "zod";
import { ensureSupervisor, readSupervisor, removeSite, stopSupervisor } from "../../drivers/process/client.ts";
import { changedPaths } from "../base/diff.ts";
import type { CallContext, ChangeKind, Resource } from "../base/resource.ts";
import type { Properties } from "../base/values.ts";
import { siteHere, siteSchema } from "./site.ts";

const inputsSchema = z.object({
  cluster: z.string(),
  uid: z.string(),
  site: siteSchema,
  awake: z.boolean().default(true),
  arrival: z.string().optional(),
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
    // Missing in states of versions without hibernation.
    const paths = Object.keys(changedPaths({ awake: true, ...oldInputs }, { awake: true, ...news }));
    const changes = Object.fromEntries(paths.map((path) => [path, kindOf(path)]));
    return { changes: olds.running === (news.awake ?? true) ? changes : { ...changes, running: "update" } };
  },

  async create({ inputs, preview, ...context }) {
    const { site, awake } = inputsSchema.parse(inputs);
    if (!preview && awake) await start(inputs, context);
    return { id: site.dir, outputs: { ...inputs, running: awake } };
  },

  async read({ id, olds, oldInputs }) {
    const { site } = inputsSchema.parse(oldInputs);
    const found = readSupervisor(siteHere(site));
    return { id, inputs: oldInputs, outputs: { ...olds, running: found.state === "alive" } };
  },

  async update({ news, preview, ...context }) {
    const { site, awake } = inputsSchema.parse(news);
    if (!preview) await (awake ? start(news, context) : stopSupervisor(siteHere(site), { signal: context.signal }));
    return { ...news, running: awake };
  },

  async delete({ olds }) {
    await removeSite(siteHere(inputsSchema.parse(olds).site));
  },
};

/** A changed queue or power state updates the supervisor; any other change replaces it. */
function kindOf(path: string): ChangeKind {
  return /^(queue|awake)\b/.test(path) ? "update" : "update-replace";
}

async function start(inputs: Properties, { urn, signal, log }: CallContext): Promise<void> {
  const { cluster, uid, site, arrival, queue = {} } = inputsSchema.parse(inputs);
  const [stack = "", project = ""] = urn.slice("urn:pulumi:".length).split("::");
  log.progress("starting the supervisor");
  const owner = `${project}/${stack}`;
  await ensureSupervisor(
    { dir: siteHere(site), cluster, uid, owner, arrival },
    {
      deadlineMs: startTimeoutMs,
      settings: queue,
      signal,
    },
  );
  log.progress("");
}
