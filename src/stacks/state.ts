import { execFile } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { z } from "zod";
import { SwarmError } from "../errors.ts";
import { type Moved, type OpenOperation, type PowerState, powerStates } from "../plan/desired-state.ts";
import { type TargetLocation, targetLocationSchema } from "../plan/target-location.ts";
import { removeBrokenAttributes } from "./attributes.ts";
import { parseBackend } from "./backend.ts";
import type { EmbeddedName } from "./embedded.ts";
import type { Engine } from "./engine/index.ts";
import { explainFailure } from "./failures.ts";
import { packageRoot, project } from "./project.ts";
import { pulumiEnvironment } from "./pulumi-environment.ts";
import type { Settings } from "./settings.ts";

/** What the state of a stack tells of its cluster. */
export interface ClusterRecord {
  readonly cluster: string;
  readonly blueprint: { readonly id: string; readonly version: string; readonly digest: string };
  readonly generation: number;
  /** While the cluster hibernates, those that it wakes to. */
  readonly counts: Readonly<Record<string, number>>;
  readonly power: PowerState;
  /** An operation of several updates that has not ended. */
  readonly operation: OpenOperation | undefined;
  /** Where the cluster is now that has left this stack. */
  readonly moved: Moved | undefined;
  readonly place: TargetLocation | undefined;
  /** Where a local cluster has its files. */
  readonly site: { readonly host: string; readonly dir: string } | undefined;
  readonly resources: number;
  /** Steps that a kill interrupted; the next update repeats them. */
  readonly pending: number;
}

export interface ClusterSummary {
  readonly cluster: string;
  readonly updatedAt: string | undefined;
  readonly resources: number;
  readonly busy: boolean;
}

const desiredSchema = z.object({
  generation: z.number(),
  blueprint: z.object({ id: z.string(), version: z.string(), digest: z.string() }),
  counts: z.record(z.string(), z.number()),
  power: z.enum(powerStates).default("active"),
  operation: z.object({ id: z.string(), phase: z.string() }).optional(),
  moved: z.object({ stack: z.string(), to: z.string(), operation: z.string() }).optional(),
  place: targetLocationSchema.optional(),
  site: z.object({ host: z.string(), dir: z.string() }).optional(),
});

const resourceSchema = z.object({
  urn: z.string(),
  type: z.string(),
  parent: z.string().optional(),
  outputs: z.unknown().optional(),
  protect: z.boolean().optional(),
});
type StateResource = z.infer<typeof resourceSchema>;

const exportSchema = z.object({
  deployment: z.object({
    resources: z.array(resourceSchema).default([]),
    pending_operations: z.array(z.unknown()).nullish(),
    secrets_providers: z.object({ state: z.object({ salt: z.string().optional() }).optional() }).nullish(),
  }),
});

const listSchema = z.array(
  z.object({
    name: z.string(),
    lastUpdate: z.string().optional(),
    resourceCount: z.number().optional(),
    updateInProgress: z.boolean().optional(),
  }),
);

const run = promisify(execFile);
const maxStateBytes = 256 * 1024 * 1024;

/** All clusters of the backend, by name. */
export async function listClusters(settings: Settings, engine: Engine): Promise<ClusterSummary[]> {
  const text = await pulumi(settings, engine, undefined, ["stack", "ls", "--project", project, "--json"]);
  const stacks = listSchema.parse(JSON.parse(text)).map((stack) => ({
    cluster: stack.name.split("/").at(-1) ?? stack.name,
    updatedAt: stack.lastUpdate,
    resources: stack.resourceCount ?? 0,
    busy: stack.updateInProgress ?? false,
  }));
  return stacks.sort((a, b) => a.cluster.localeCompare(b.cluster));
}

/**
 * What is recorded of one cluster; undefined when its stack holds none (an update that ended before its first step).
 *
 * @throws SwarmError SW605 when there is no such cluster
 */
export async function readCluster(
  settings: Settings,
  engine: Engine,
  cluster: string,
): Promise<ClusterRecord | undefined> {
  const { resources, pending } = await exported(settings, engine, cluster, exportArgs(cluster));
  const desired = ownDesired(resources, cluster);
  return desired && { cluster, ...recordOf(desired), resources: resources.length, pending };
}

/**
 * What is recorded of a cluster in the stack of somebody else's Pulumi program.
 *
 * @throws SwarmError SW605 when there is no such stack, or no such AgentCluster in it
 */
export async function readEmbeddedCluster(
  settings: Settings,
  engine: Engine,
  { organization, project, stack, name }: EmbeddedName,
): Promise<ClusterRecord> {
  const whole = `${organization}/${project}/${stack}`;
  const args = ["stack", "export", "--stack", whole];
  const { resources, pending } = await exported(settings, engine, whole, args).catch((error: unknown) => {
    if (!(error instanceof SwarmError && error.code === "SW605")) throw error;
    throw new SwarmError("SW605", `there is no stack ${project}/${stack} in ${settings.backend.url}`, {
      hints: ["swarmctl pulumi stack ls --all lists them", "another backend: PULUMI_BACKEND_URL"],
    });
  });
  const clusters = resources.filter(isDesired).map((desired) => ({ desired, ...namesOf(desired) }));
  const found = clusters.find((one) => one.name === name) ?? clusters.find(({ cluster }) => cluster === name);
  if (found === undefined) {
    const known = clusters.map((one) => one.name).join(", ") || "none";
    throw new SwarmError("SW605", `stack ${project}/${stack} has no AgentCluster ${name} (there: ${known})`);
  }
  const { desired, cluster } = found;
  const component = desired.parent;
  const own = resources.filter(({ urn, parent }) => urn === component || parent === component);
  return { cluster, ...recordOf(desired), resources: own.length, pending };
}

interface Exported {
  readonly resources: readonly StateResource[];
  readonly pending: number;
}

async function exported(settings: Settings, engine: Engine, stack: string, args: string[]): Promise<Exported> {
  const text = await pulumi(settings, engine, stack, args);
  const { resources, pending_operations: pending } = exportSchema.parse(JSON.parse(text)).deployment;
  return { resources, pending: pending?.length ?? 0 };
}

function recordOf({ outputs }: StateResource): Omit<ClusterRecord, "cluster" | "resources" | "pending"> {
  const {
    place: location,
    site,
    operation,
    moved,
    ...recorded
  } = z.object({ document: desiredSchema }).parse(outputs).document;
  return { ...recorded, operation, moved, place: location, site };
}

function isDesired({ type }: StateResource): boolean {
  return type === "swarmstack:index:Desired";
}

/** The names that a program gives a cluster: its component's, and its own, which its desired state is named after. */
function namesOf({ urn, parent = "" }: StateResource): { readonly name: string; readonly cluster: string } {
  return { name: parent.split("::").at(-1) ?? "", cluster: (urn.split("::").at(-1) ?? "").replace(/-desired$/, "") };
}

/** The desired state of the cluster that one of our own stacks is; a stack that was renamed holds it under its old name. */
function ownDesired(resources: readonly StateResource[], stack: string): StateResource | undefined {
  const all = resources.filter(isDesired);
  return all.find((desired) => namesOf(desired).cluster === stack) ?? (all.length === 1 ? all[0] : undefined);
}

const providerType = "pulumi:providers:";

function providersOf(resources: readonly StateResource[]): readonly string[] {
  const types = resources.map(({ type }) => type).filter((type) => type.startsWith(providerType));
  return [...new Set(types.map((type) => type.slice(providerType.length)))];
}

/** What must be known of a stack before the engine runs on it. */
export interface StackFacts {
  /** Steps of a killed update that are still open. */
  readonly pending: number;
  /**
   * Of the passphrase that the state was made with. The engine is given it with the stack's settings: without, it would
   * take any passphrase, and seal the state anew with that.
   */
  readonly salt: string | undefined;
  /** Undefined where no wish is recorded yet. */
  readonly place: TargetLocation | undefined;
  /** An operation of several updates that has not ended. */
  readonly operation: OpenOperation | undefined;
  /** Where the cluster is now that has left this stack. */
  readonly moved: Moved | undefined;
  /** Names of the providers of its resources. */
  readonly providers: readonly string[];
  /** An operation is open, and has put them under the engine's protection. */
  readonly protected: boolean;
}

/** Undefined when there is no such stack. `env` is a door's (src/stacks/pulumi-environment.ts). */
export async function stackFacts(
  cluster: string,
  enginePath: string,
  env: NodeJS.ProcessEnv,
): Promise<StackFacts | undefined> {
  try {
    const args = [...exportArgs(cluster), "--non-interactive"];
    const stdout = await readWhole(() => readOnce(enginePath, args, env), { cluster, url: env.PULUMI_BACKEND_URL });
    const { deployment } = exportSchema.parse(JSON.parse(stdout));
    const desired = ownDesired(deployment.resources, cluster);
    const { place: location, operation, moved } = (desired && recordOf(desired)) ?? {};
    return {
      pending: deployment.pending_operations?.length ?? 0,
      salt: deployment.secrets_providers?.state?.salt,
      ...{ place: location, operation, moved },
      providers: providersOf(deployment.resources),
      protected: deployment.resources.some(({ protect }) => protect === true),
    };
  } catch (error) {
    const text = error instanceof Error && "stderr" in error ? String(error.stderr) : String(error);
    if (isNoStack(text)) return undefined;
    throw explainFailure({ stack: cluster, kind: "read", text, messages: [], aborted: false });
  }
}

/** Without `--show-secrets`: opening the secrets costs a second of key derivation, and nobody here wants them. */
function exportArgs(cluster: string): string[] {
  return ["stack", "export", "--stack", `organization/${project}/${cluster}`];
}

async function pulumi(
  settings: Settings,
  engine: Engine,
  cluster: string | undefined,
  args: string[],
): Promise<string> {
  const env = { ...settings.env, ...(await pulumiEnvironment(settings, engine, undefined)) };
  try {
    const reading = () => readOnce(engine.path, [...args, "--non-interactive"], env);
    return await readWhole(reading, { cluster, url: settings.backend.url });
  } catch (error) {
    const text = error instanceof Error && "stderr" in error ? String(error.stderr) : String(error);
    if (cluster !== undefined && isNoStack(text)) {
      throw new SwarmError("SW605", `there is no cluster ${cluster}`, { hints: ["swarmctl status lists them"] });
    }
    throw explainFailure({ stack: cluster ?? project, kind: "read", text, messages: [], aborted: false });
  }
}

async function readOnce(enginePath: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  return (await run(enginePath, args, { cwd: packageRoot, env, maxBuffer: maxStateBytes })).stdout;
}

/** What a living engine writes in this moment is whole in the next; what a killed one has left is not (attributes.ts). */
const looks = 4;
const lookAgainMs = 250;

async function readWhole(
  read: () => Promise<string>,
  { cluster, url }: { readonly cluster: string | undefined; readonly url: string | undefined },
): Promise<string> {
  for (let look = 1; ; look++) {
    try {
      return await read();
    } catch (error) {
      const text = error instanceof Error && "stderr" in error ? String(error.stderr) : "";
      if (!/failed to load checkpoint: (unexpected )?EOF/.test(text) || look === looks) throw error;
      // Half way it is taken for one that nobody finishes.
      if (look === looks / 2 && cluster !== undefined && url !== undefined) {
        await removeBrokenAttributes(parseBackend(url), cluster);
      }
      await delay(lookAgainMs);
    }
  }
}

function isNoStack(text: string): boolean {
  return /no stack named|unknown stack/.test(text);
}
