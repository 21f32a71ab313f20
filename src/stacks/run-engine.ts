import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import {
  ConcurrentUpdateError,
  LocalWorkspace,
  type EngineEvent,
  type Stack,
} from "@pulumi/pulumi/automation/index.js";
import { SwarmError } from "../errors.ts";
import program from "../program.ts";
import { type Backend, forgetStack } from "./backend.ts";
import { type OperationEvent, type StepOp, toOperationEvent } from "./events.ts";
import { explainFailure } from "./failures.ts";
import { lockedError } from "./locks.ts";
import type { OperationRequest, OperationResult } from "./operation.ts";
import { packageRoot, project } from "./project.ts";
import { clearAfterCrash, waitForLocks } from "./recovery.ts";
import { endOperation, operationVariable } from "./process-tree.ts";
import { readSettings } from "./settings.ts";

export interface RunOptions {
  readonly signal: AbortSignal;
  readonly onEvent: (event: OperationEvent) => void;
}

const attempts = 5;

/**
 * Runs one operation through the Automation API, in this process: call it in a process of its own.
 *
 * @throws SwarmError SW601 when another operation holds the stack for longer than `waitMs`, SW602 to SW608 as explained
 */
export async function runEngine(request: OperationRequest, options: RunOptions): Promise<OperationResult> {
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
        if (!(error instanceof ConcurrentUpdateError)) throw error;
        // Two that start at the same instant can both step back; a short random pause parts them.
        if (attempt === attempts) throw lockedError(cluster, []);
        await delay(100 + Math.random() * 900 * attempt);
      }
    }
  } finally {
    await rm(workDir, { recursive: true, force: true });
    await endOperation(process.env[operationVariable] ?? "");
  }
}

async function runOnce(
  request: OperationRequest,
  backend: Backend,
  workDir: string,
  { signal, onEvent }: RunOptions,
): Promise<OperationResult> {
  const done = new Map<string, StepOp>();
  const messages: Extract<OperationEvent, { type: "message" }>[] = [];
  let result: OperationResult = { kind: request.kind, cluster: request.cluster, changes: {}, durationMs: 0 };

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
    const stack = await openStack(request, backend, workDir);
    if (request.kind !== "preview") await clearAfterCrash(stack, backend, onEvent);
    signal.throwIfAborted();
    await act(stack, request.kind, { signal, onEvent: record });
    return { ...result, changes: countOps([...done.values()]) };
  } catch (error) {
    if (error instanceof ConcurrentUpdateError || error instanceof SwarmError) throw error;
    const text = error instanceof Error ? error.message : String(error);
    throw explainFailure({ stack: request.cluster, kind: request.kind, text, messages, aborted: signal.aborted });
  }
}

async function act(
  stack: Stack,
  kind: OperationRequest["kind"],
  options: { signal: AbortSignal; onEvent: (event: EngineEvent) => void },
): Promise<void> {
  const common = { ...options, showSecrets: false, userAgent: "swarmctl" } as const;
  switch (kind) {
    case "up":
      await stack.up(common);
      return;
    case "preview":
      await stack.preview({ ...options, userAgent: "swarmctl" });
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

function countOps(ops: readonly StepOp[]): OperationResult["changes"] {
  const counts: Partial<Record<StepOp, number>> = {};
  for (const op of ops) counts[op] = (counts[op] ?? 0) + 1;
  return counts;
}

/** A preview of a cluster that does not exist yet runs against an empty backend of its own, and so leaves nothing. */
async function openStack(request: OperationRequest, backend: Backend, workDir: string): Promise<Stack> {
  const inline = {
    projectName: project,
    stackName: request.cluster,
    program: () => program(request),
  };
  const select = (url: string) => ({
    workDir,
    projectSettings: {
      name: project,
      runtime: "nodejs",
      backend: { url },
      plugins: { providers: [{ name: "swarmstack", path: join(packageRoot, "plugins", "swarmstack") }] },
    },
    envVars: { PULUMI_BACKEND_URL: url },
  });
  if (request.kind === "up") return LocalWorkspace.createOrSelectStack(inline, select(backend.url));
  try {
    return await LocalWorkspace.selectStack(inline, select(backend.url));
  } catch (error) {
    if (request.kind !== "preview" || !(error instanceof Error && /no stack named/.test(error.message))) throw error;
    const empty = join(workDir, "backend");
    await mkdir(empty);
    return LocalWorkspace.createStack(inline, select(pathToFileURL(empty).href));
  }
}
