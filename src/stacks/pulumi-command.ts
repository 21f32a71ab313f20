import { execFile } from "node:child_process";
import { mkdir, readdir, readFile, realpath, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { parseDocument } from "yaml";
import { loadBlueprint } from "../blueprint/load.ts";
import { type TargetKind, targetKinds } from "../blueprint/model.ts";
import { refuseMoved, refuseOtherOperations } from "../plan/desired-state.ts";
import { type TargetLocation, targetOf } from "../plan/target-location.ts";
import { childEnvironment } from "../platform/environment/child-environment.ts";
import { findProjectFile } from "../program/plugin-entry.ts";
import type { StateBackend } from "./backend.ts";
import type { Engine } from "./engine/index.ts";
import { operationOf, operationVariable, stackVariable } from "./process-tree.ts";
import { packageRoot, project } from "./project.ts";
import { neededProviders, providerEnvironment } from "./provider-plugins.ts";
import { type DoorOptions, pulumiEnvironment } from "./pulumi-environment.ts";
import { clearStaleLocks, stackMark } from "./recovery.ts";
import { runCommand } from "./run-command.ts";
import type { Settings } from "./settings.ts";
import { stackFacts } from "./state.ts";
import { runUserProject } from "./user-project.ts";

const run = promisify(execFile);

/** The folder that the arguments choose: `-C dir`, `--cwd dir`, `--cwd=dir`. */
function folderOf(args: readonly string[], from: string): string {
  for (const [index, arg] of args.entries()) {
    if (arg === "-C" || arg === "--cwd") return resolve(from, args[index + 1] ?? "");
    const joined = /^(?:--cwd=|-C=?)(.+)$/.exec(arg)?.[1];
    if (joined !== undefined) return resolve(from, joined);
  }
  return from;
}

/** Engine commands that run the program; they need the language host and an unlocked stack. */
const changing = new Set(["up", "update", "destroy", "refresh", "import", "watch"]);
const running = new Set([...changing, "preview", "pre"]);

/** Whether these arguments run the program in the folder. */
function runsProgram(args: readonly string[]): boolean {
  return args.some((arg) => running.has(arg));
}

/** Whether these arguments need the Node.js language host. */
export function needsLanguageHost(args: readonly string[]): boolean {
  return runsProgram(args) && !args.some((arg) => arg === "--help" || arg === "-h");
}

/** The stack that the arguments name: `-s dev`, `--stack dev`, `--stack=dev`. */
export function stackOf(args: readonly string[]): string | undefined {
  for (const [index, arg] of args.entries()) {
    if (arg === "-s" || arg === "--stack") return baseName(args[index + 1]);
    const joined = /^(?:--stack=|-s=?)(.+)$/.exec(arg)?.[1];
    if (joined !== undefined) return baseName(joined);
  }
  return undefined;
}

/**
 * Runs the engine's CLI with our environment, in the folder of the nearest Pulumi.yaml, else of our own project.
 *
 * @param from folder that the command was started in
 * @returns its exit status
 */
export async function runPulumi(args: readonly string[], options: DoorOptions, from: string): Promise<number> {
  const file = findProjectFile(folderOf(args, from));
  const isOwn = file === undefined || (await realpath(dirname(file))) === (await realpath(packageRoot));
  return isOwn
    ? runOwnProject(args, options)
    : runUserProject(args, options, { file, from, runsProgram: runsProgram(args) });
}

/** Runs the engine on the states of swarmctl's clusters. */
async function runOwnProject(args: readonly string[], { settings, engine, host, tell }: DoorOptions): Promise<number> {
  const stack = stackOf(args) ?? settings.env.PULUMI_STACK ?? (await selectedStack(settings, engine));
  const variables = await pulumiEnvironment(settings, engine, host, { stack });
  const env: NodeJS.ProcessEnv = { ...settings.env, ...variables, [operationVariable]: await operationOf(process.pid) };
  const facts = stack === undefined ? undefined : await stackFacts(stack, engine.path, env);
  await mergeStackSettings();
  Object.assign(env, locationEnvironment(facts?.place, env));
  if (args.some((arg) => running.has(arg))) {
    const target = await targetHere(stack, env);
    const names = neededProviders(target, facts?.providers ?? []);
    Object.assign(env, await providerEnvironment(names, engine, { env, tell }));
  }
  if (stack !== undefined) {
    env[stackVariable] = stackMark(settings.backend, stack);
    await keepSalt(stack, facts?.salt);
    if (facts !== undefined && args.some((arg) => changing.has(arg))) {
      if (!args.includes("destroy")) refuseMoved(facts.moved, env.SWARM_OPERATION_ID);
      refuseOtherOperations(facts.operation, env.SWARM_OPERATION_ID);
      await repair(settings.backend, stack, { engine, env, pending: facts.pending, tell });
    }
  }
  return await runCommand(engine.path, args, { cwd: packageRoot, env: childEnvironment(env, { isCommandLine: true }) });
}

/** Passes the recorded location on, so that a bare program keeps a target that an option chose. */
function locationEnvironment(location: TargetLocation | undefined, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const target = env.SWARM_TARGET || targetOf(undefined, location);
  const context = env.SWARM_CONTEXT || location?.context;
  return { ...(target && { SWARM_TARGET: target }), ...(context && { SWARM_CONTEXT: context }) };
}

/** The target that the program will compile for; undefined if the program itself will report an error. */
async function targetHere(stack: string | undefined, env: NodeJS.ProcessEnv): Promise<TargetKind | undefined> {
  const asked = targetKinds.find((kind) => kind === env.SWARM_TARGET);
  if (asked !== undefined || stack === undefined) return asked;
  const settings = parseDocument(await readFile(join(keptFolder, `Pulumi.${stack}.yaml`), "utf8").catch(() => "{}"));
  const configured: unknown = settings.getIn(["config", `${project}:blueprint`]);
  const file = env.SWARM_BLUEPRINT ?? (typeof configured === "string" ? configured : defaultBlueprint);
  const blueprint = await loadBlueprint(resolve(packageRoot, file)).catch(() => undefined);
  return blueprint?.cluster.target.kind;
}

/** The stack that was chosen in this folder with `pulumi stack select`. */
async function selectedStack(settings: Settings, engine: Engine): Promise<string | undefined> {
  const env = { ...settings.env, ...(await pulumiEnvironment(settings, engine, undefined)) };
  const child = { cwd: packageRoot, env: childEnvironment(env) };
  const shown = await run(engine.path, ["stack", "--show-name", "--non-interactive"], child).catch(() => undefined);
  return baseName(shown?.stdout.trim());
}

interface RepairOptions {
  readonly engine: Engine;
  readonly env: NodeJS.ProcessEnv;
  readonly pending: number;
  readonly tell: (line: string) => void;
}

/** After a killed update, first clears its lock, orphaned processes and pending steps. Held locks stay. */
async function repair(
  backend: StateBackend,
  stack: string,
  { engine, env, pending, tell }: RepairOptions,
): Promise<void> {
  const held = await clearStaleLocks(backend, stack, tell);
  if (held.length > 0 || pending === 0) return;
  tell(`an earlier update was killed during ${pending} step(s): refreshing`);
  const refresh = [
    "refresh",
    "--clear-pending-creates",
    "--yes",
    "--skip-preview",
    "--non-interactive",
    "--stack",
    stack,
  ];
  await run(engine.path, refresh, { cwd: packageRoot, env: childEnvironment(env) });
}

/** The same as in Pulumi.yaml. */
const defaultBlueprint = "blueprints/marketing.yaml";
const keptFolder = join(packageRoot, ".swarmstack", "stacks");

/**
 * Merges the committed settings of a stack (Pulumi.dev.yaml) over those that the engine keeps (with its salt), so that the
 * engine finds both in one file and never writes into a committed one.
 */
async function mergeStackSettings(): Promise<void> {
  await mkdir(keptFolder, { recursive: true });
  const names = (await readdir(packageRoot)).filter((name) => /^Pulumi\..+\.ya?ml$/.test(name));
  for (const name of names) {
    const committed = parseDocument(await readFile(join(packageRoot, name), "utf8"));
    const kept = await readKept(join(keptFolder, name));
    const config: unknown = committed.toJS();
    for (const [key, value] of Object.entries(isRecord(config) ? config : {})) {
      kept.set(key, kept.createNode(value));
    }
    await writeFile(join(keptFolder, name), kept.toString({ collectionStyle: "block" }));
  }
}

/**
 * Writes the state's salt to the settings: with another salt the engine would encrypt the state again. Removes the salt for
 * a stack that this backend does not have, as the kept one is another backend's.
 */
async function keepSalt(stack: string, salt: string | undefined): Promise<void> {
  const file = join(keptFolder, `Pulumi.${stack}.yaml`);
  const kept = await readKept(file);
  if (kept.get("encryptionsalt") === salt) return;
  if (salt === undefined) kept.delete("encryptionsalt");
  else kept.set("encryptionsalt", salt);
  await writeFile(file, kept.toString({ collectionStyle: "block" }));
}

/** The kept settings of a stack; none if a power loss truncated the file, as all can be regenerated. */
async function readKept(file: string): Promise<ReturnType<typeof parseDocument>> {
  const kept = parseDocument(await readFile(file, "utf8").catch(() => "{}"));
  return kept.errors.length === 0 && isRecord(kept.toJS()) ? kept : parseDocument("{}");
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function baseName(stack: string | undefined): string | undefined {
  return stack === undefined || stack === "" ? undefined : stack.split("/").at(-1);
}
