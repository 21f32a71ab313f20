import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import {
  ConcurrentUpdateError,
  type EngineEvent,
  type Stack,
  StackAlreadyExistsError,
} from "@pulumi/pulumi/automation/index.js";
import { SwarmError } from "../errors.ts";
import { type Backend, forgetStack } from "./backend.ts";
import { type OperationEvent, type StepOp, toOperationEvent } from "./events.ts";
import { explainFailure } from "./failures.ts";
import { lockedError } from "./locks.ts";
import { openStack } from "./open-stack.ts";
import type { OperationRequest, OperationResult } from "./operation.ts";
import { endOperation, endOrphans, operationVariable } from "./process-tree.ts";
import { clearAfterCrash, stackMark, waitForLocks } from "./recovery.ts";
import { readSettings } from "./settings.ts";
import { stackFacts } from "./state.ts";

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
        if (!(error instanceof ConcurrentUpdateError || error instanceof StackAlreadyExistsError)) throw error;
        // Two that start at the same instant can both step back, or make the same stack; a short random pause parts them.
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
    if (request.kind !== "preview") await endOrphans(stackMark(backend, request.cluster));
    const facts = await stackFacts(request.cluster, "pulumi", process.env);
    const stack = await openStack(request, { backend, workDir, facts });
    if (request.kind !== "preview") await clearAfterCrash(stack, facts?.pending ?? 0, onEvent);
    signal.throwIfAborted();
    await act(stack, request.kind, { signal, onEvent: record });
    return { ...result, changes: countOps([...done.values()]) };
  } catch (error) {
    if (error instanceof ConcurrentUpdateError || error instanceof StackAlreadyExistsError) throw error;
    if (error instanceof SwarmError) throw error;
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
