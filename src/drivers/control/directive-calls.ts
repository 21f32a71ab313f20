import type { DirectiveScope } from "../../agent-api/database/directives.ts";
import type { InstanceStatus } from "../../agent-api/status.ts";
import { SwarmError } from "../../errors.ts";
import { poll, type WaitLimits } from "../../platform/wait.ts";
import type { Driver } from "../driver.ts";
import type { Control } from "./control.ts";

/** An agent that was told to drain says so within a heartbeat; one that has to be killed for it is not waited for. */
const graceMs = 10_000;

/**
 * Tells instances to take no more tasks, to finish or hand back what they have, to save their state and to stay. It stands until `resume`,
 * also for those that are started again.
 *
 * @param deadlineMs default: the time that the agent has to stop.
 * @throws SwarmError SW705 when there is no such agent or instance, SW704 when nobody answers.
 */
export async function drain(
  control: Control,
  scope: DirectiveScope,
  deadlineMs?: number,
  signal?: AbortSignal,
): Promise<void> {
  await post(control, scope, "drain", deadlineMs === undefined ? {} : { deadlineMs }, signal);
}

/** Tells instances to stay idle, also those that are started again. @throws as `drain` */
export async function hold(control: Control, scope: DirectiveScope, signal?: AbortSignal): Promise<void> {
  await post(control, scope, "hold", {}, signal);
}

/** Calls off what instances were told. @throws as `drain` */
export async function resume(control: Control, scope: DirectiveScope, signal?: AbortSignal): Promise<void> {
  await post(control, scope, "resume", {}, signal);
}

/**
 * Waits until all in the scope are drained; `onLook` is told at every look how many are.
 *
 * @returns the instances, as they are then.
 * @throws SwarmError SW604 at the deadline, with those that are not; SW606 when aborted.
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
    [`${others.length} instances are not drained after ${deadlineMs} ms.`, ...list].join("\n"),
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
