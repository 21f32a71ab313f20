import type { DirectiveScope } from "../../agent-api/database/directives.ts";
import type { InstanceStatus } from "../../agent-api/status.ts";
import { SwarmError } from "../../errors.ts";
import { poll, type WaitLimits } from "../../platform/wait.ts";
import type { Driver } from "../driver.ts";
import type { Control } from "./control.ts";

/** Time to report `drained` after the deadline: a draining agent reports within a heartbeat. */
const graceMs = 10_000;

/**
 * Tells instances to take no more tasks, finish or hand back their tasks, save their state and stay alive. It applies
 * until `resume`, also to restarted instances.
 * @param deadlineMs default: the termination grace period of the agent.
 * @throws SwarmError SW705 when there is no such agent or instance, SW704 when the server does not answer.
 */
export async function drain(
  control: Control,
  scope: DirectiveScope,
  deadlineMs?: number,
  signal?: AbortSignal,
): Promise<void> {
  await post(control, scope, "drain", deadlineMs === undefined ? {} : { deadlineMs }, signal);
}

/**
 * Tells instances to stay idle, also after a restart.
 * @throws as `drain`
 */
export async function hold(control: Control, scope: DirectiveScope, signal?: AbortSignal): Promise<void> {
  await post(control, scope, "hold", {}, signal);
}

/**
 * Withdraws the directive of instances.
 * @throws as `drain`
 */
export async function resume(control: Control, scope: DirectiveScope, signal?: AbortSignal): Promise<void> {
  await post(control, scope, "resume", {}, signal);
}

/**
 * Waits until all instances in the scope are drained; calls `onLook` with the progress at each poll.
 * @returns the instances with their status.
 * @throws SwarmError SW604 at the deadline, with the remaining instances; SW606 when aborted.
 */
export async function waitForDrained(
  driver: Driver,
  scope: DirectiveScope,
  {
    deadlineMs = graceMs,
    signal,
    onLook,
  }: WaitLimits & { readonly onLook?: (drained: number, of: number) => void } = {},
): Promise<readonly InstanceStatus[]> {
  let last: readonly InstanceStatus[] = [];
  const drained = await poll(
    async () => {
      last = await inScope(driver, scope, signal);
      const drained = last.filter(({ health }) => health === "drained" || health === undefined).length;
      onLook?.(drained, last.length);
      return drained === last.length ? last : undefined;
    },
    { deadlineMs, signal, intervalMs: 100 },
  );
  if (drained) return drained;
  const others = last.filter(({ health }) => health !== "drained");
  const list = others.map(({ id, health, tasks = [] }) => `${id}: ${health}, ${tasks.length} open tasks`);
  throw new SwarmError(
    "SW604",
    [`${others.length} instances are not drained after ${deadlineMs} ms`, ...list].join("\n"),
    {
      values: { ...scope, deadlineMs },
    },
  );
}

async function inScope(
  driver: Driver,
  scope: DirectiveScope,
  signal: AbortSignal | undefined,
): Promise<InstanceStatus[]> {
  const status = await driver.status(signal);
  return (status?.agents ?? [])
    .filter(({ agent }) => !("agent" in scope) || scope.agent === agent)
    .flatMap(({ instances }) => instances)
    .filter(({ id }) => !("instance" in scope) || scope.instance === id);
}

async function post(
  control: Control,
  scope: DirectiveScope,
  verb: string,
  body: unknown,
  signal: AbortSignal | undefined,
): Promise<void> {
  const whom =
    "agent" in scope ? `pools/${encodeURIComponent(scope.agent)}` : `instances/${encodeURIComponent(scope.instance)}`;
  await control.ask({ method: "POST", path: `/v1/${whom}/${verb}`, body, signal });
}
