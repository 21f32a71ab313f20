import { InvalidArgumentError } from "commander";
import type { TaskView } from "../../agent-api/control/task-wire.ts";
import type { InstanceStatus } from "../../agent-api/status.ts";
import type { RuntimeStatus } from "../../drivers/driver.ts";
import type { Activity } from "../../lifecycle/reconcile/decide.ts";
import type { Cluster } from "../../store/clusters.ts";
import type { Operation } from "../../store/operations.ts";

const states = ["active", "hibernated", "destroyed"] as const;

/** What `swarmctl wait` waits for. */
export type WaitCondition =
  | { readonly kind: "state"; readonly state: (typeof states)[number] }
  /** All instances, or those of an agent, or one, are ready. */
  | { readonly kind: "ready"; readonly agent?: string; readonly instance?: string }
  | { readonly kind: "idle" }
  | { readonly kind: "operation" | "task"; readonly id: string };

/** Parses the value of `--for`. @throws InvalidArgumentError */
export function parseCondition(text: string): WaitCondition {
  const [word = "", ...rest] = text.split("=");
  const kind = word.trim().toLowerCase();
  const name = rest.join("=").trim();
  const state = states.find((one) => one === kind);
  if (name === "") {
    if (state !== undefined) return { kind: "state", state };
    if (kind === "ready" || kind === "idle") return { kind };
  } else {
    if (kind === "operation" || kind === "task") return { kind, id: name };
    if (kind === "agent") return { kind: "ready", agent: name };
    if (kind === "instance") return { kind: "ready", instance: name };
  }
  throw new InvalidArgumentError(
    `"${text}" is not one of ${states.join(", ")}, ready, idle, agent=NAME, instance=NAME, operation=ID, task=ID`,
  );
}

/** What a look at the subject found. `never`: waiting cannot help. */
export interface Verdict {
  readonly verdict: "met" | "waiting" | "never";
  /** What is now, for the message at the end. */
  readonly now: string;
}

/** Judges the state of a cluster; undefined: there is no such cluster. */
export function judgeState(
  wanted: (typeof states)[number],
  cluster: Pick<Cluster, "status" | "statusReason"> | undefined,
): Verdict {
  const status = cluster?.status ?? "DESTROYED";
  const reason = cluster?.statusReason == null ? "" : `: ${cluster.statusReason}`;
  const now = cluster === undefined ? "it does not exist" : `it is ${status}${reason}`;
  if (status === wanted.toUpperCase()) return { verdict: "met", now };
  if (wanted === "destroyed") return { verdict: "waiting", now };
  return { verdict: status === "DESTROYED" || status === "FAILED" ? "never" : "waiting", now };
}

/** Whether an instance works or can: it runs and responds. */
function isReady({ state, health }: Pick<InstanceStatus, "state" | "health">): boolean {
  return state === "running" && (health === "idle" || health === "busy");
}

/**
 * Judges instances by their health.
 *
 * @param wanted desired number of instances by agent; undefined where it is not known
 */
export function judgeReady(
  { agent, instance }: { readonly agent?: string; readonly instance?: string },
  status: RuntimeStatus | undefined,
  wanted: Readonly<Record<string, number>> | undefined,
): Verdict {
  if (agent !== undefined && wanted !== undefined && wanted[agent] === undefined) {
    return { verdict: "never", now: `it has no agent ${agent} (agents: ${Object.keys(wanted).join(", ") || "none"})` };
  }
  const agents = (status?.agents ?? []).filter((one) => agent === undefined || one.agent === agent);
  const all = agents.flatMap(({ instances }) => instances);
  if (instance !== undefined) {
    const found = all.find(({ id }) => id === instance);
    if (found === undefined) return { verdict: "waiting", now: `it has no instance ${instance}` };
    return { verdict: isReady(found) ? "met" : "waiting", now: describeInstance(found) };
  }
  const ready = all.filter(isReady).length;
  const counts = Object.entries(wanted ?? {}).filter(([key]) => agent === undefined || key === agent);
  const expected = wanted === undefined ? Math.max(1, all.length) : counts.reduce((sum, [, count]) => sum + count, 0);
  const others = all.filter((one) => !isReady(one)).map(describeInstance);
  const now = [`${ready} of ${expected} instances are ready`, ...others.slice(0, 3)].join("; ");
  return { verdict: ready >= expected && others.length === 0 ? "met" : "waiting", now };
}

function describeInstance({ id, state, health, reason }: InstanceStatus): string {
  const why = reason === undefined ? "" : ` (${reason.split("\n")[0]})`;
  return `${id} is ${state === "running" ? (health ?? state) : state}${state === "running" ? "" : why}`;
}

/** Judges the activity of a cluster: unknown is not idle. */
export function judgeIdle(activity: Activity): Verdict {
  if (activity.kind === "quiet") return { verdict: "met", now: `idle for ${Math.round(activity.quietMs / 1000)} s` };
  return { verdict: "waiting", now: `${activity.kind}: ${activity.why}` };
}

/** Judges an operation: only success is waited for. */
export function judgeOperation({ status, endedAt, error }: Pick<Operation, "status" | "endedAt" | "error">): Verdict {
  const message = typeof error === "object" && error !== null && "message" in error ? `: ${error.message}` : "";
  const now = `it is ${status}${message}`;
  if (status === "succeeded") return { verdict: "met", now };
  return { verdict: endedAt === null ? "waiting" : "never", now };
}

/** Judges a task: only its result is waited for. */
export function judgeTask({ state, error }: Pick<TaskView, "state" | "error">): Verdict {
  const now = `it is ${state}${error === undefined ? "" : `: ${error}`}`;
  if (state === "done") return { verdict: "met", now };
  return { verdict: state === "dead" || state === "cancelled" ? "never" : "waiting", now };
}
