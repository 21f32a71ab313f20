import { execFile } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { z } from "zod";
import { SwarmError } from "../errors.ts";
import { type DesiredState, desiredStateSchema, type Moved, type OpenOperation } from "../plan/desired-state.ts";
import type { TargetLocation } from "../plan/target-location.ts";
import { childEnvironment } from "../platform/environment/child-environment.ts";
import { removeBrokenAttributes } from "./attributes.ts";
import { parseBackend, type StateBackend } from "./backend.ts";
import {
  type Deployment,
  deploymentSchema,
  listCheckpointFiles,
  readCheckpointFile,
  type StateResource,
} from "./checkpoint-file.ts";
import type { EmbeddedName } from "./embedded.ts";
import type { Engine } from "./engine/index.ts";
import { packageRoot, project } from "./project.ts";
import type { Settings } from "./settings.ts";

/** A cluster as recorded in its stack. */
export interface ClusterRecord extends Omit<DesiredState, "version" | "arrival"> {
  readonly cluster: string;
  readonly resources: number;
  /** Steps that a kill interrupted; the next update repeats them. */
  readonly pending: number;
}

/** The engine, or a function that finds it if the state cannot be read without it. */
export type EngineOnDemand = Engine | (() => Promise<Engine>);

const exportSchema = z.object({ deployment: deploymentSchema });

const listSchema = z.array(z.object({ name: z.string() }));

const run = promisify(execFile);
const maxStateBytes = 256 * 1024 * 1024;

/** Lists the names of swarmctl's clusters in the backend, sorted. */
export async function listClusters(settings: Settings, engine: EngineOnDemand): Promise<readonly string[]> {
  const stacks = (await listCheckpointFiles(settings.backend, project)) ?? (await askedStacks(settings, engine));
  return stacks.toSorted((a, b) => a.localeCompare(b));
}

async function askedStacks(settings: Settings, engine: EngineOnDemand): Promise<readonly string[]> {
  const text = await pulumi(settings, engine, undefined, ["stack", "ls", "--project", project, "--json"]);
  return listSchema.parse(JSON.parse(text)).map(({ name }) => name.split("/").at(-1) ?? name);
}

/**
 * Reads the record of a cluster; undefined if its stack has none (an update that ended before its first step).
 *
 * @throws SwarmError SW605 when there is no such cluster
 */
export async function readCluster(
  settings: Settings,
  engine: EngineOnDemand,
  cluster: string,
): Promise<ClusterRecord | undefined> {
  const { resources, pending } = await exported(settings, engine, { project, stack: cluster, shown: cluster });
  const desired = ownDesired(resources, cluster);
  return desired && { cluster, ...recordOf(desired), resources: resources.length, pending };
}

/**
 * Reads a cluster that is recorded in the stack of a user's Pulumi program.
 *
 * @throws SwarmError SW605 when there is no such stack, or no such AgentCluster in it
 */
export async function readEmbeddedCluster(
  settings: Settings,
  engine: EngineOnDemand,
  { organization, project, stack, name }: EmbeddedName,
): Promise<ClusterRecord> {
  const whole = `${organization}/${project}/${stack}`;
  const stackName = { organization, project, stack, shown: whole };
  const { resources, pending } = await exported(settings, engine, stackName).catch((error: unknown) => {
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

interface StackName {
  /** Set only for backends with organizations. */
  readonly organization?: string;
  readonly project: string;
  readonly stack: string;
  /** Name in messages. */
  readonly shown: string;
}

const noOrganization = "organization";

async function exported(
  settings: Settings,
  engine: EngineOnDemand,
  { organization = noOrganization, project, stack, shown }: StackName,
): Promise<Exported> {
  const inFile =
    organization === noOrganization ? await readCheckpointFile(settings.backend, project, stack) : undefined;
  const { resources, pending_operations: pending } = inFile ?? (await asked());
  return { resources, pending: pending?.length ?? 0 };

  async function asked(): Promise<Deployment> {
    const args = ["stack", "export", "--stack", `${organization}/${project}/${stack}`];
    return exportSchema.parse(JSON.parse(await pulumi(settings, engine, shown, args))).deployment;
  }
}

const desiredOutputsSchema = z.object({ document: desiredStateSchema });

function recordOf({ urn, outputs }: StateResource): Omit<ClusterRecord, "cluster" | "resources" | "pending"> {
  const read = desiredOutputsSchema.safeParse(outputs);
  if (!read.success) {
    throw new SwarmError(
      "SW630",
      `the desired state of ${urn} cannot be read: another version of swarmstack wrote it`,
      {
        hints: ["use the version of swarmstack that changed the cluster last, or a newer one: swarmctl version"],
        values: { urn, reason: read.error.message },
      },
    );
  }
  const { version: _version, arrival: _arrival, ...recorded } = read.data.document;
  return recorded;
}

function isDesired({ type }: StateResource): boolean {
  return type === "swarmstack:index:Desired";
}

/** The names of a cluster in a program: its component's name, and the cluster's, after which the desired state is named. */
function namesOf({ urn, parent = "" }: StateResource): { readonly name: string; readonly cluster: string } {
  return { name: parent.split("::").at(-1) ?? "", cluster: (urn.split("::").at(-1) ?? "").replace(/-desired$/, "") };
}

/** The desired state in one of swarmctl's stacks; after a rename of the stack it has the old name. */
function ownDesired(resources: readonly StateResource[], stack: string): StateResource | undefined {
  const all = resources.filter(isDesired);
  return all.find((desired) => namesOf(desired).cluster === stack) ?? (all.length === 1 ? all[0] : undefined);
}

const providerType = "pulumi:providers:";

function providersOf(resources: readonly StateResource[]): readonly string[] {
  const types = resources.map(({ type }) => type).filter((type) => type.startsWith(providerType));
  return [...new Set(types.map((type) => type.slice(providerType.length)))];
}

/** Facts about a stack needed before an engine run. */
export interface StackFacts {
  /** Steps of a killed update that are still open. */
  readonly pending: number;
  /**
   * Salt of the passphrase that encrypts the state. The engine gets it with the stack's settings: without it, the engine
   * would accept any passphrase and encrypt the state again with that.
   */
  readonly salt: string | undefined;
  /** Undefined where no desired state is recorded yet. */
  readonly place: TargetLocation | undefined;
  /** An operation of several updates that has not ended. */
  readonly operation: OpenOperation | undefined;
  /** The new location of a cluster that has moved away from this stack. */
  readonly moved: Moved | undefined;
  /** Names of the providers of its resources. */
  readonly providers: readonly string[];
  /** Whether an open operation has set the engine's protection on resources. */
  readonly protected: boolean;
}

/** Reads the facts of a stack; undefined when there is no such stack. `env` comes from src/stacks/pulumi-environment.ts. */
export async function stackFacts(
  cluster: string,
  enginePath: string,
  env: NodeJS.ProcessEnv,
): Promise<StackFacts | undefined> {
  try {
    const deployment = (await readFile(cluster, env)) ?? (await exportStack(cluster, enginePath, env));
    const desired = ownDesired(deployment.resources, cluster);
    const { place, operation, moved } = (desired && recordOf(desired)) ?? {};
    return {
      pending: deployment.pending_operations?.length ?? 0,
      salt: deployment.secrets_providers?.state?.salt,
      ...{ place, operation, moved },
      providers: providersOf(deployment.resources),
      protected: deployment.resources.some(({ protect }) => protect === true),
    };
  } catch (error) {
    if (error instanceof SwarmError) throw error;
    const text = error instanceof Error && "stderr" in error ? String(error.stderr) : String(error);
    if (isNoStack(text)) return undefined;
    const { PULUMI_BACKEND_URL: url } = env;
    throw await explained(cluster, text, url === undefined ? undefined : parseBackend(url));
  }
}

function readFile(cluster: string, { PULUMI_BACKEND_URL: url }: NodeJS.ProcessEnv): Promise<Deployment | undefined> {
  return url === undefined ? Promise.resolve(undefined) : readCheckpointFile(parseBackend(url), project, cluster);
}

/** Exports without `--show-secrets`: secrets are not used here, and decryption takes a second of key derivation. */
async function exportStack(cluster: string, enginePath: string, env: NodeJS.ProcessEnv): Promise<Deployment> {
  const args = ["stack", "export", "--stack", `organization/${project}/${cluster}`, "--non-interactive"];
  const stdout = await readWhole(() => readOnce(enginePath, args, env), { cluster, url: env.PULUMI_BACKEND_URL });
  return exportSchema.parse(JSON.parse(stdout)).deployment;
}

async function pulumi(
  settings: Settings,
  engine: EngineOnDemand,
  cluster: string | undefined,
  args: string[],
): Promise<string> {
  const found = typeof engine === "function" ? await engine() : engine;
  const { pulumiEnvironment } = await import("./pulumi-environment.ts");
  const env = { ...settings.env, ...(await pulumiEnvironment(settings, found, undefined)) };
  try {
    const reading = () => readOnce(found.path, [...args, "--non-interactive"], env);
    return await readWhole(reading, { cluster, url: settings.backend.url });
  } catch (error) {
    const text = error instanceof Error && "stderr" in error ? String(error.stderr) : String(error);
    if (cluster !== undefined && isNoStack(text)) {
      throw new SwarmError("SW605", `there is no cluster ${cluster}`, { hints: ["swarmctl status lists them"] });
    }
    throw await explained(cluster, text, settings.backend);
  }
}

async function explained(
  stack: string | undefined,
  text: string,
  backend: StateBackend | undefined,
): Promise<SwarmError> {
  const { explainFailure } = await import("./failures.ts");
  return explainFailure({ stack, backend, kind: "read", text, messages: [], aborted: false });
}

async function readOnce(enginePath: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  return (await run(enginePath, args, { cwd: packageRoot, env: childEnvironment(env), maxBuffer: maxStateBytes }))
    .stdout;
}

/** Attempts: a file that a running engine is writing is soon complete; one left by a killed engine is not (attributes.ts). */
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
      // For attributes that a power loss filled with zeros the engine reports "blob (key ...): invalid character".
      const isHalf = /failed to load checkpoint: ((unexpected )?EOF|blob \(key)/.test(text);
      if (!isHalf || look === looks) throw error;
      // After half of the attempts, the write is assumed to be abandoned.
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
