import type { InstanceStatus } from "../../agent-api/status.ts";
import type { AgentStatus, Driver, MeasuredUsage, RuntimeStatus } from "../../drivers/driver.ts";
import type { QueueCounts } from "../../tasks/queue.ts";
import type { AgentObservation, ClusterObservation, LiveInstances } from "../observation.ts";
import { type Signal, sumOf, unknown } from "../signal.ts";
import type { ObservedAgent } from "./agents.ts";
import { within } from "./deadline.ts";
import { type ExpressionSources, readExpression } from "./expression/read.ts";
import { idlePercentage } from "./instances/idle.ts";
import { liveOf, stayingInstances } from "./instances/live.ts";
import { loadPercentage } from "./instances/load.ts";
import { averageResponseTime } from "./instances/response-time.ts";
import type { QueueReader } from "./queue/queue-reader.ts";
import { shareLeased, shareWaiting, type Taker } from "./queue/share-tasks.ts";
import { reasonOf } from "./read.ts";

export interface ClusterSources {
  /** In file order. */
  readonly agents: readonly ObservedAgent[];
  readonly driver: Pick<Driver, "status" | "desired" | "usage">;
  readonly queue: QueueReader;
  readonly expressions: ExpressionSources;
  /** Nothing is known of instances whose supervisor is gone: it keeps their counts. */
  readonly isSupervised: boolean;
  /** For the target and the control API; includes the time to reach an agent server. */
  readonly deadlineMs: number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** An answer, or why there is none. */
type Answer<Value> = { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly reason: string };

/** Asks all sources of a cluster at once; what does not answer in time is unknown. */
export async function observeCluster(sources: ClusterSources, signal: AbortSignal): Promise<ClusterObservation> {
  const { agents, driver, queue, deadlineMs, now } = sources;
  const metrics = new Set(agents.flatMap(({ signals }) => signals.map(({ metric }) => metric)));
  const texts = new Set(agents.flatMap(({ signals }) => signals.flatMap(({ expression }) => expression ?? [])));
  const selectors = [...new Set(agents.flatMap((agent) => agent.selectors))];
  const answered = <Value>(call: (signal: AbortSignal) => Promise<Value>) => answer(deadlineMs, signal, call);
  const [status, desired, usage, counts, expressions] = await Promise.all([
    answered((until) => driver.status(until)),
    answered(async (until) => await driver.desired?.(until)),
    metrics.has("load_percentage") && !sources.isSupervised
      ? answered((until) => driver.usage(until))
      : ({ ok: true, value: undefined } as const),
    answered((until) => queue.read(selectors, until)),
    Promise.all(
      [...texts].map(async (text) => [text, await readExpression(text, sources.expressions, signal)] as const),
    ),
  ]);
  signal.throwIfAborted();
  const found = instancesOf(sources, status, desired);
  const shares = sharesOf(found, counts, queue.name);
  const context = { usage, expressions: new Map(expressions), now: now() };
  return {
    at: now(),
    agents: Object.fromEntries(found.map((one) => [one.agent.key, observe(one, shares(one.agent), context)])),
  };
}

async function answer<Value>(
  deadlineMs: number,
  signal: AbortSignal,
  call: (signal: AbortSignal) => Promise<Value>,
): Promise<Answer<Value>> {
  try {
    return { ok: true, value: await within(deadlineMs, signal, call) };
  } catch (error) {
    return { ok: false, reason: reasonOf(error) };
  }
}

interface FoundAgent {
  readonly agent: ObservedAgent;
  readonly staying: readonly InstanceStatus[];
  readonly live: LiveInstances | undefined;
  readonly held: number;
}

function instancesOf(
  { agents, isSupervised }: ClusterSources,
  status: Answer<RuntimeStatus | undefined>,
  desired: Answer<ReadonlyMap<string, number> | undefined>,
): readonly FoundAgent[] {
  const present = status.ok ? status.value : undefined;
  const isKnown = present !== undefined && desired.ok && !(isSupervised && present.api === undefined);
  const byName = new Map<string, AgentStatus>((present?.agents ?? []).map((one) => [one.agent, one]));
  return agents.map((agent) => {
    const own = byName.get(agent.key) ?? byName.get(agent.resource);
    const staying = stayingInstances(own);
    const counts = desired.ok ? desired.value : undefined;
    const told = own?.wanted ?? counts?.get(agent.resource);
    // A target that keeps counts and has none of this agent has no workload of it.
    const isTold = told !== undefined || counts === undefined;
    const held = (own?.instances ?? []).reduce((sum, one) => sum + heldBy(one), 0);
    return { agent, staying, live: isKnown && isTold ? liveOf(staying, told) : undefined, held };
  });
}

function heldBy({ tasks, health }: InstanceStatus): number {
  return tasks?.length ?? (health === "busy" ? 1 : 0);
}

interface Share {
  readonly waiting: Signal;
  readonly leased: Signal;
}

function sharesOf(
  found: readonly FoundAgent[],
  counts: Answer<Pick<QueueCounts, "bySelector" | "unreadable">>,
  name: string,
): (agent: ObservedAgent) => Share {
  if (!counts.ok) {
    const none = unknown(`${name}: ${counts.reason}`);
    return () => ({ waiting: none, leased: none });
  }
  const { bySelector, unreadable = {} } = counts.value;
  const takers = found.map(({ agent: { key, selectors, max }, live, held }): Taker => {
    return { key, selectors, max, idle: live?.idle ?? 0, held };
  });
  const tasks = (state: "waiting" | "leased") =>
    Object.fromEntries(Object.entries(bySelector).map(([selector, counted]) => [selector, counted[state]]));
  const [waiting, leased] = [shareWaiting(tasks("waiting"), takers), shareLeased(tasks("leased"), takers)];
  return ({ key, selectors }) => {
    const unread = selectors.find((selector) => unreadable[selector] !== undefined);
    if (unread !== undefined) {
      const none = unknown(`${name}: ${unreadable[unread]}`);
      return { waiting: none, leased: none };
    }
    return { waiting: valued(waiting[key] ?? 0), leased: valued(leased[key] ?? 0) };
  };
}

function valued(value: number): Signal {
  return { kind: "value", value };
}

interface Context {
  readonly usage: Answer<ReadonlyMap<string, MeasuredUsage> | undefined>;
  readonly expressions: ReadonlyMap<string, Signal>;
  readonly now: number;
}

function observe(
  { agent, staying, live }: FoundAgent,
  { waiting, leased }: Share,
  { usage, expressions, now }: Context,
): AgentObservation {
  const signals = agent.signals.map(({ metric, expression }): Signal => {
    if (metric === "task_queue_length") return sumOf([waiting, leased]);
    if (metric === "expression") return expressions.get(expression ?? "") ?? unknown("it has no expression");
    if (live === undefined) return unknown("the target does not answer");
    switch (metric) {
      case "load_percentage":
        if (!usage.ok) return unknown(`the target: ${usage.reason}`);
        return loadPercentage({ staying, desired: live.desired, usage: usage.value, cores: agent.cores, now });
      case "avg_response_time":
        return averageResponseTime(staying, live.desired);
      case "idle_agents":
        return idlePercentage(live);
      default:
        return metric satisfies never;
    }
  });
  return { live, waiting, leased, signals };
}
