import type { TaskCountsView } from "../../agent-api/control/task-wire.ts";
import type { Health } from "../../agent-api/health/health.ts";
import type { InstanceStatus } from "../../agent-api/status.ts";
import { readQuietMs } from "../../drivers/control/event-calls.ts";
import { countTasks } from "../../drivers/control/task-calls.ts";
import type { Driver, RuntimeStatus } from "../../drivers/driver.ts";
import { openDriver } from "../../drivers/open-driver.ts";
import { readCluster } from "../../stacks/state.ts";
import type { TaskCounts } from "../../tasks/queue.ts";
import type { LifecycleOptions } from "../options.ts";
import type { Activity } from "./decide.ts";

/** Reads the activity of a cluster's agents; unknown when the agent server does not respond. */
export async function readActivity(
  { settings, engine, signal }: Pick<LifecycleOptions, "settings" | "engine" | "signal">,
  stack: string,
): Promise<Activity> {
  let driver: Driver | undefined;
  try {
    const record = await readCluster(settings, engine, stack);
    driver = record && (await openDriver(record));
    if (driver === undefined) return { kind: "unknown", why: "its agents are not reachable from here" };
    // The cheapest call first: if it fails, the others are skipped.
    const quietMs = await readQuietMs(driver, signal);
    const [status, counts] = await Promise.all([driver.status(signal), countTasks(driver, signal)]);
    return activityOf(status, takenTasks(counts), quietMs);
  } catch (error) {
    return { kind: "unknown", why: error instanceof Error ? error.message : String(error) };
  } finally {
    driver?.close();
  }
}

/** Whether an instance is working, by its health; undefined if unknown. */
const works: Readonly<Record<Health, boolean | undefined>> = {
  starting: true,
  idle: false,
  busy: true,
  drained: false,
  failed: false,
  unresponsive: undefined,
};

/** Counts the tasks that keep a cluster awake; ignores waiting ones that no agent takes, which would do so indefinitely. */
export function takenTasks({
  total,
  bySelector,
  unmatched,
}: Omit<TaskCountsView, "unreadable">): Pick<TaskCounts, "waiting" | "leased"> {
  const untaken = unmatched.reduce((sum, selector) => sum + (bySelector[selector]?.waiting ?? 0), 0);
  return { leased: total.leased, waiting: total.waiting - untaken };
}

/** Derives the activity of a cluster from its status and tasks. @param quietMs time since the last activity */
export function activityOf(
  status: RuntimeStatus | undefined,
  tasks: Pick<TaskCounts, "waiting" | "leased">,
  quietMs: number,
): Activity {
  if (status?.api === undefined) return { kind: "unknown", why: "its agent server is down" };
  const instances = status.agents.flatMap(({ instances }) => instances);
  const silent = instances.filter((one) => isKnown(one) && works[one.health] === undefined);
  if (silent.length > 0) return { kind: "unknown", why: `${silent.map(({ id }) => id).join(", ")} does not respond` };
  if (tasks.waiting + tasks.leased > 0) {
    return { kind: "busy", why: `${tasks.leased} tasks at work, ${tasks.waiting} waiting` };
  }
  const busy = instances.filter((one) => (one.tasks?.length ?? 0) > 0 || (isKnown(one) && works[one.health] === true));
  if (busy.length > 0) return { kind: "busy", why: `${busy.map(({ id }) => id).join(", ")} at work` };
  return { kind: "quiet", quietMs };
}

function isKnown(instance: InstanceStatus): instance is InstanceStatus & { readonly health: Health } {
  return instance.health !== undefined;
}
