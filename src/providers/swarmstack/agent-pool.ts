import { z } from "zod";
import { defaultStartPeriodMs } from "../../agent-api/health/startup.ts";
import { bundleDigest } from "../../agent-api/knowledge/bundle.ts";
import type { PoolStatus } from "../../agent-api/status.ts";
import { deletePool, putPool, readSupervisor, supervisorStatus, waitForPool } from "../../drivers/process/client.ts";
import { SwarmError } from "../../errors.ts";
import { changedPaths } from "../base/diff.ts";
import { type CallContext, type CheckResult, InitializationFailed, type Resource } from "../base/resource.ts";
import type { Properties } from "../base/values.ts";
import { siteHere, siteSchema } from "./site.ts";

const bundleSchema = z.object({ name: z.string(), path: z.string(), digest: z.string() });

const inputsSchema = z.object({
  site: siteSchema,
  uid: z.string(),
  generation: z.number(),
  agent: z.string(),
  role: z.string(),
  name: z.string(),
  parent: z.string().optional(),
  count: z.number().int().min(0),
  range: z.object({ min: z.number(), max: z.number() }).optional(),
  pin: z.object({ untilMs: z.number().exactOptional() }).optional(),
  command: z.array(z.string()).optional(),
  env: z.record(z.string(), z.string()),
  config: z.string().optional(),
  blueprintDir: z.string().optional(),
  knowledge: z.array(bundleSchema).optional(),
  startPeriodMs: z.number().optional(),
  stopTimeoutMs: z.number(),
});

const declaredSchema = z.object({ knowledge: z.array(bundleSchema.omit({ digest: true })).optional() });

const startTimeoutMs = 60_000;
const stopGraceMs = 30_000;

/** Properties that identify a pool; a change replaces it. */
const identity = ["site.host", "site.dir", "uid", "agent"];

/**
 * `swarmstack:index:AgentPool`: the instances of one agent on the local target, as one resource with a count.
 * The supervisor owns the processes; this resource owns their number and what they run.
 */
export const agentPool: Resource = {
  refreshBeforeUpdate: true,
  check: async ({ news }) => withDigests(news),

  async diff({ olds, oldInputs, news }) {
    // The generation is only the version of the desired state; by itself it is no change.
    const { generation: _old, ...before } = oldInputs;
    const { generation: _new, ...after } = news;
    // Only a bundle's content matters, not its path; a range matters to a count outside it.
    const paths = Object.keys(changedPaths(before, after)).filter(
      (path) => !/^(knowledge\[\d+\]\.path|blueprintDir|range(\.\w+)?)$/.test(path),
    );
    const isOther = olds.count !== news.count || isOutside(olds.live, inputsSchema.shape.range.parse(news.range));
    if (isOther && !paths.includes("count")) paths.push("count");
    if (olds.status !== "running" && news.count !== 0) paths.push("status");
    return {
      changes: Object.fromEntries(
        paths.map((path) => [path, identity.includes(path) ? "update-replace" : "update"] as const),
      ),
      deleteBeforeReplace: true,
    };
  },

  async create({ inputs, preview, ...context }) {
    const spec = inputsSchema.parse(inputs);
    const id = `${spec.uid}/${spec.agent}`;
    return { id, outputs: preview ? running(inputs) : await apply(id, inputs, context) };
  },

  async read({ id, olds, oldInputs }) {
    const { site, agent } = inputsSchema.parse(oldInputs);
    const dir = siteHere(site);
    const supervisor = readSupervisor(dir);
    const pool = supervisor.state === "alive" ? await statusOf(dir, agent) : undefined;
    return { id, inputs: oldInputs, outputs: outputsOf(olds, pool) };
  },

  async update({ id, news, preview, ...context }) {
    return preview ? running(news) : await apply(id, news, context);
  },

  async delete({ urn, olds, signal, log }) {
    const { site, agent, count, uid, stopTimeoutMs } = inputsSchema.parse(olds);
    const dir = siteHere(site);
    const supervisor = readSupervisor(dir);
    // Without a supervisor, Supervisor's delete ends the remaining processes.
    if (supervisor.state !== "alive") return;
    if (count > 0) log.progress(`stopping ${count}`);
    const deadlineMs = stopGraceMs + stopTimeoutMs;
    await deletePool(dir, agent, { owner: { uid, urn }, deadlineMs, signal });
  },
};

/** A count set by the autoscaler is not drift: it applies until another one is declared. */
function outputsOf({ live: _before, ...olds }: Properties, pool: PoolStatus | undefined): Properties {
  if (pool === undefined) return { ...olds, status: "stopped" };
  const { fast, wanted, declared = wanted } = pool;
  const count = fast === undefined ? { count: wanted } : { count: declared, live: fast.count };
  return { ...olds, ...count, status: statusIn(pool) };
}

function isOutside(count: unknown, range: { readonly min: number; readonly max: number } | undefined): boolean {
  return typeof count === "number" && range !== undefined && (count < range.min || count > range.max);
}

/** Adds digests of the knowledge bundles to the inputs, so that changed files are a change. */
function withDigests(news: Properties): CheckResult {
  const { knowledge } = declaredSchema.parse(news);
  if (knowledge === undefined) return { inputs: news };
  try {
    const bundles = knowledge.map(({ name, path }) => ({ name, path, digest: bundleDigest(path) }));
    return { inputs: { ...news, knowledge: bundles } };
  } catch (error) {
    if (!(error instanceof SwarmError)) throw error;
    return { inputs: news, failures: [{ property: "knowledge", reason: error.message }] };
  }
}

function running(inputs: Properties): Properties {
  return { ...inputs, status: "running" };
}

async function apply(
  id: string,
  inputs: Properties,
  { urn, signal, log, timeoutMs }: CallContext,
): Promise<Properties> {
  const { site, uid, parent, range, pin, command, config, knowledge, blueprintDir, startPeriodMs, ...spec } =
    inputsSchema.parse(inputs);
  const dir = siteHere(site);
  // A hibernated cluster has no supervisor, so no instance of this pool runs.
  if (spec.count === 0 && readSupervisor(dir).state !== "alive") return { ...inputs, status: "stopped" };
  const live = range && (await statusOf(dir, spec.agent))?.fast?.count;
  const optional = {
    // Only where it matters: a supervisor of an earlier version knows neither.
    ...(range !== undefined && isOutside(live, range) && { range }),
    ...(parent !== undefined && { parent }),
    ...(pin !== undefined && { pin }),
    ...(command !== undefined && { command }),
    ...(config !== undefined && { config }),
    ...(knowledge !== undefined && { knowledge }),
    ...(blueprintDir !== undefined && { blueprintDir }),
    ...(startPeriodMs !== undefined && { startPeriodMs }),
  };
  const { wanted } = await putPool(dir, { ...spec, ...optional, owner: { uid, urn } }, signal);
  // Instances of an outdated spec are replaced one by one, each within its time to stop and start.
  const eachMs = spec.stopTimeoutMs + (startPeriodMs ?? defaultStartPeriodMs);
  try {
    await waitForPool(dir, spec.agent, wanted, {
      deadlineMs: timeoutMs ?? startTimeoutMs + Math.max(1, wanted) * eachMs,
      signal,
      onProgress: (pool) => log.progress(`${pool.running}/${wanted} running`),
    });
  } catch (error) {
    if (!(error instanceof SwarmError)) throw error;
    throw new InitializationFailed(id, running(inputs), [error.message]);
  }
  log.progress("");
  return running(inputs);
}

/** "failing" while an instance has ended or failed to start and has not restarted; an update waits for it. */
function statusIn({ instances }: PoolStatus): "running" | "failing" {
  return instances.some(
    ({ state, reason }) => !["running", "stopping", "stopped"].includes(state) && reason !== undefined,
  )
    ? "failing"
    : "running";
}

async function statusOf(dir: string, agent: string): Promise<PoolStatus | undefined> {
  const status = await supervisorStatus(dir);
  return status.pools.find((pool) => pool.agent === agent);
}
