import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import {
  ConcurrentUpdateError,
  type EngineEvent,
  type Stack,
  StackAlreadyExistsError,
} from "@pulumi/pulumi/automation/index.js";
import { parseSource } from "../blueprint/load.ts";
import type { TargetKind } from "../blueprint/model.ts";
import { requireTargetPackages } from "../components/target-packages.ts";
import { SwarmError, untouched } from "../errors.ts";
import { refuseMoved } from "../plan/desired-state.ts";
import { describe, targetOf } from "../plan/target-location.ts";
import { type PreparedProgram, prepareProgram } from "../program/cluster-program.ts";
import { targets } from "../targets/targets.ts";
import { forgetStack, type StateBackend } from "./backend.ts";
import type { Engine } from "./engine/index.ts";
import type { EngineRunRequest, EngineRunResult } from "./engine-run.ts";
import { type EngineRunEvent, type StepOp, toOperationEvent } from "./events.ts";
import { explainFailure } from "./failures.ts";
import { lockedError, locksIn } from "./locks.ts";
import { openStack } from "./open-stack.ts";
import { endOperation, endOrphans, operationVariable } from "./process-tree.ts";
import { neededProviders, providerEnvironment } from "./provider-plugins.ts";
import { clearAfterCrash, stackMark, waitForLocks } from "./recovery.ts";
import { readSettings } from "./settings.ts";
import { type StackFacts, stackFacts } from "./state.ts";

export interface RunOptions {
  readonly signal: AbortSignal;
  readonly onEvent: (event: EngineRunEvent) => void;
}

const attempts = 5;

/**
 * Steps that the engine runs in parallel. Most of them wait for pods, nodes or processes, and a waiting step must not keep
 * others from starting; the default of the engine depends on the number of cores.
 */
const parallel = 256;

/**
 * Runs the engine once through the Automation API, in this process: call it in a process of its own.
 *
 * @throws SwarmError SW601 when another engine run holds the stack for longer than `waitMs`, SW602 to SW608 as in failures.ts
 */
export async function runEngine(request: EngineRunRequest, options: RunOptions): Promise<EngineRunResult> {
  const { backend } = readSettings();
  const { cluster } = request;
  const deadline = performance.now() + (request.waitMs ?? 0);
  const workDir = await mkdtemp(join(tmpdir(), "swarm-operation-"));
  try {
    for (let attempt = 1; ; attempt++) {
      await waitForLocks(backend, cluster, deadline, options);
      try {
        return await runOnce(request, backend, workDir, options);
      } catch (error) {
        if (!(error instanceof ConcurrentUpdateError || error instanceof StackAlreadyExistsError)) throw error;
        // Two runs that start at the same instant can both back off, or create the same stack; a short random pause separates them.
        if (attempt === attempts) throw lockedError(cluster, locksIn(error.message));
        await delay(100 + Math.random() * 900 * attempt);
      }
    }
  } finally {
    await rm(workDir, { recursive: true, force: true });
    await endOperation(process.env[operationVariable] ?? "");
  }
}

async function runOnce(
  request: EngineRunRequest,
  backend: StateBackend,
  workDir: string,
  { signal, onEvent }: RunOptions,
): Promise<EngineRunResult> {
  let hasBegun = false;
  const done = new Map<string, StepOp>();
  const messages: Extract<EngineRunEvent, { type: "message" }>[] = [];
  let result: EngineRunResult = { kind: request.kind, cluster: request.cluster, changes: {}, durationMs: 0 };

  function record(engineEvent: EngineEvent): void {
    const event = toOperationEvent(engineEvent);
    if (event === undefined) return;
    if (event.type === "message") messages.push(event);
    if (event.type === "summary") result = { ...result, durationMs: event.durationMs };
    if (event.type === "step" && event.phase === "done") done.set(event.resource.urn, event.op);
    onEvent(event);
  }

  try {
    signal.throwIfAborted();
    if (request.kind !== "preview") await endOrphans(stackMark(backend, request.cluster));
    const facts = await stackFacts(request.cluster, "pulumi", process.env);
    if (request.kind !== "destroy") refuseMoved(facts?.moved, request.operation);
    await equip(request, facts, { signal, onEvent });
    const program = request.kind === "destroy" ? undefined : await prepare(request, facts, onEvent);
    const stack = await openStack(request, { backend, workDir, facts, program });
    if (request.kind !== "preview") await clearAfterCrash(stack, facts?.pending ?? 0, onEvent);
    signal.throwIfAborted();
    const refresh = driftsUnseen(facts?.place?.target);
    if (facts?.protected && removesProtected(request)) await unprotect(stack);
    hasBegun = true;
    await act(stack, request.kind, refresh, { signal, onEvent: record });
    return { ...result, changes: countOps([...done.values()]) };
  } catch (error) {
    if (error instanceof ConcurrentUpdateError || error instanceof StackAlreadyExistsError) throw error;
    if (error instanceof SwarmError) throw hasBegun ? error : untouched(error);
    const text = error instanceof Error ? error.message : String(error);
    const { cluster: failed, kind } = request;
    throw explainFailure({ stack: failed, backend, kind, text, messages, aborted: signal.aborted });
  }
}

/** Checks what the program needs before the engine starts, so that a missing requirement is reported once and nothing changes. */
function prepare(
  { cluster, ...request }: EngineRunRequest,
  facts: StackFacts | undefined,
  onEvent: RunOptions["onEvent"],
): Promise<PreparedProgram> {
  const target = targetOf(request.target, facts?.place);
  const context = request.context ?? facts?.place?.context;
  const warn = async (text: string) =>
    onEvent({ type: "message", severity: "warning", text, resource: undefined, ephemeral: false });
  return prepareProgram(cluster, { ...request, target, context }, warn);
}

/**
 * Whether a run may delete resources that an open operation protects: when the lifecycle removes the cluster, and when the
 * operation ends, as the engine keeps the recorded protection of resources that the program no longer has, such as the
 * containers of a hibernated cluster.
 */
function removesProtected({ kind, operation, change }: EngineRunRequest): boolean {
  return operation !== undefined && (kind === "destroy" || (kind === "up" && change?.ends === true));
}

async function unprotect(stack: Stack): Promise<void> {
  const args = ["state", "unprotect", "--all", "--yes", "--stack", stack.name, "--non-interactive"];
  await promisify(execFile)("pulumi", args, { cwd: stack.workspace.workDir, env: process.env });
}

/** Sets the environment variables that the engine needs for the providers of the run. */
async function equip(
  request: EngineRunRequest,
  facts: StackFacts | undefined,
  { signal, onEvent }: RunOptions,
): Promise<void> {
  const target = targetOfRequest(request, facts);
  // A destroy runs no program, so it needs no SDK.
  if (target !== undefined && request.kind !== "destroy") requireTargetPackages(target);
  const names = neededProviders(target, facts?.providers ?? []);
  const engine: Engine = { path: "pulumi", version: "", origin: "path", why: "first on PATH of this process" };
  const tell = (text: string) =>
    onEvent({ type: "message", severity: "info", text, resource: undefined, ephemeral: false });
  if (request.target === undefined && facts?.place?.by === "option") tell(`where it was put: ${describe(facts.place)}`);
  Object.assign(process.env, await providerEnvironment(names, engine, { env: process.env, signal, tell }));
}

function targetOfRequest({ target, source }: EngineRunRequest, facts: StackFacts | undefined): TargetKind | undefined {
  const chosen = targetOf(target, facts?.place);
  return chosen !== undefined || source === undefined ? chosen : parseSource(source).cluster.target.kind;
}

/**
 * Whether resources can drift unnoticed, so that the engine must refresh first. Those of the local target refresh
 * themselves.
 */
function driftsUnseen(target: TargetKind | undefined): boolean {
  return target !== undefined && targets[target].drifts;
}

async function act(
  stack: Stack,
  kind: EngineRunRequest["kind"],
  refresh: boolean,
  options: { signal: AbortSignal; onEvent: (event: EngineEvent) => void },
): Promise<void> {
  const common = { ...options, parallel, showSecrets: false, userAgent: "swarmctl" } as const;
  switch (kind) {
    case "up":
      await stack.up({ ...common, refresh });
      return;
    case "preview":
      await stack.preview({ ...options, parallel, refresh, userAgent: "swarmctl" });
      return;
    case "destroy":
      await stack.destroy(common);
      await stack.workspace.removeStack(stack.name);
      await forgetStack(readSettings().backend, stack.name);
      return;
    default:
      kind satisfies never;
  }
}

function countOps(ops: readonly StepOp[]): EngineRunResult["changes"] {
  const counts: Partial<Record<StepOp, number>> = {};
  for (const op of ops) counts[op] = (counts[op] ?? 0) + 1;
  return counts;
}
