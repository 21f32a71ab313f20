import type { InstanceStatus } from "../../agent-api/status.ts";
import { drain, waitForDrained } from "../../drivers/control/directive-calls.ts";
import type { Driver, RuntimeStatus } from "../../drivers/driver.ts";
import { withdrawDrain } from "../../lifecycle/rolling-restart.ts";
import { poll } from "../../platform/wait.ts";
import { goingOf, type Removal } from "./victims.ts";

/** An idle instance reports that it has drained at once; one that does not has taken a task meanwhile. */
const drainedWithinMs = 5_000;
/** The longest deadline: an instance that has taken a task meanwhile must not hand it back before it is told to go on. */
const directiveMs = 86_400_000;
const goneWithinMs = 10_000;

/**
 * Drains instances that hold no task.
 *
 * @param victims as `chooseVictims` returns them
 * @returns those that may go: they hold no task and take none. The others work again, and so do those that one of them protects
 * @throws SwarmError SW704 when the agent server does not answer; all are told to work again
 */
export async function drainVictims(
  driver: Driver,
  victims: readonly InstanceStatus[],
  removal: Removal,
  signal: AbortSignal,
): Promise<readonly InstanceStatus[]> {
  const working: InstanceStatus[] = [];
  const failures: unknown[] = [];
  await Promise.all(
    victims.map(async (victim) => {
      try {
        if (!(await hasDrained(driver, victim, signal))) working.push(victim);
      } catch (error) {
        failures.push(error);
      }
    }),
  );
  if (failures.length > 0) {
    await letWork(driver, victims).catch(() => {});
    throw failures[0];
  }
  const going = goingOf(victims, working, removal);
  await letWork(
    driver,
    victims.filter((victim) => !going.includes(victim)),
  );
  return going;
}

async function hasDrained(driver: Driver, { id, epoch }: InstanceStatus, signal: AbortSignal): Promise<boolean> {
  // It takes no task before it has registered.
  if (epoch === undefined) return true;
  await drain(driver, { instance: id }, directiveMs, signal);
  return waitForDrained(driver, { instance: id }, { deadlineMs: drainedWithinMs, signal }).then(
    () => true,
    () => false,
  );
}

/** Ends the drain of instances. */
export async function letWork(driver: Driver, instances: readonly InstanceStatus[]): Promise<void> {
  await Promise.all(instances.filter(({ epoch }) => epoch !== undefined).map(({ id }) => withdrawDrain(driver, id)));
}

/** Ends the drain of instances that have gone: the next ones of their names would still be told to drain. */
export async function forgetDrained(
  driver: Driver,
  gone: readonly InstanceStatus[],
  signal: AbortSignal,
): Promise<void> {
  const ids = new Set(gone.map(({ id }) => id));
  const isStill = ({ id, state }: InstanceStatus) => ids.has(id) && state !== "stopping";
  await poll(
    async () => {
      const status = await driver.status(signal);
      const stay = status?.agents.some(({ instances }) => instances.some(isStill)) ?? false;
      return stay ? undefined : true;
    },
    { deadlineMs: goneWithinMs, signal, intervalMs: 100 },
  );
  await letWork(driver, gone);
}

/** Instances of an agent that stay, in the order of their ordinals. */
export function stayingOf(status: RuntimeStatus | undefined, agent: string): readonly InstanceStatus[] {
  const found = status?.agents.find((one) => one.agent === agent)?.instances ?? [];
  return found
    .filter(({ state }) => state !== "stopping" && state !== "stopped")
    .toSorted((a, b) => a.id.localeCompare(b.id, "en", { numeric: true }));
}

/** Ends the drain of instances that stay: an autoscaler that was killed had drained them, and wrote no count. */
export async function forgetInterrupted(driver: Driver, staying: readonly InstanceStatus[]): Promise<void> {
  await letWork(
    driver,
    staying.filter(({ order }) => order !== undefined),
  );
}
