import { type SerializedError, SwarmError, toSwarmError } from "../../errors.ts";
import type { Cluster } from "../../store/clusters.ts";
import type { Store } from "../../store/store.ts";
import type { LifecycleEvent } from "../event.ts";
import { type LifecycleOptions, type Performed, perform, resumeOperation } from "../lifecycle.ts";
import { destroy } from "../operations/destroy.ts";
import { hibernate } from "../operations/hibernate.ts";
import { operations } from "../operations/operations.ts";
import { reactivate } from "../operations/reactivate.ts";
import { readActivity } from "./activity.ts";
import { type ReconcilerName, readCondition } from "./cluster-condition.ts";
import { type Decision, decide } from "./decide.ts";
import { readLifetime } from "./lifetime.ts";
import { jitterOf } from "./schedule.ts";

/** Options of a reconciler. */
export interface ReconcileOptions extends Omit<LifecycleOptions, "by" | "onEvent" | "operations"> {
  readonly reconciler: ReconcilerName;
  readonly onEvent: (cluster: string, event: LifecycleEvent) => void;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Time over which simultaneous schedules are spread. */
  readonly jitterMs: number;
}

type Action = Exclude<Decision["action"], "ask">;
export type FinalDecision = Exclude<Decision, { action: "ask" }>;

/** The result for one cluster. */
export interface ReconcileResult {
  readonly cluster: string;
  readonly status: Cluster["status"];
  readonly action: Action;
  readonly reason: string;
  /** `busy`: another operation is running or the cluster changed concurrently; `left`: dry run. */
  readonly outcome: "nothing" | "left" | "done" | "busy" | "failed";
  /** Earliest time of another decision, in milliseconds since the epoch. */
  readonly nextAt?: number;
  readonly operation?: string;
  readonly error?: SerializedError;
}

/** Decides the action for a cluster. @throws SwarmError SW500 when its recorded blueprint is not valid */
async function judge(store: Store, cluster: Cluster, options: ReconcileOptions): Promise<FinalDecision> {
  const rules = await readLifetime(cluster, options.now());
  if (rules === undefined) return { action: "none", reason: "it has no lifetime rules", nextAt: undefined };
  const condition = await readCondition(store, cluster, jitterOf(cluster.id, options.jitterMs));
  const decision = decide(rules, condition, options.now());
  if (decision.action !== "ask") return decision;
  const activity = await readActivity(options, cluster.activeStack);
  const answered = decide(rules, { ...condition, activity }, options.now());
  if (answered.action === "ask") throw new Error("the decision needs an activity although one was read");
  return answered;
}

/** Decides and performs the action for one cluster; `onlyLook` skips the action. Returns errors of the cluster instead of throwing them. */
export async function reconcileCluster(
  store: Store,
  cluster: Cluster,
  options: ReconcileOptions,
  onlyLook = false,
): Promise<ReconcileResult> {
  const { name, status } = cluster;
  let verdict: FinalDecision = { action: "none", reason: "no decision", nextAt: undefined };
  try {
    verdict = await judge(store, cluster, options);
    const { action, reason } = verdict;
    const about = { cluster: name, status, action, reason };
    if (verdict.action === "none") {
      return { ...about, outcome: "nothing", ...(verdict.nextAt !== undefined && { nextAt: verdict.nextAt }) };
    }
    if (onlyLook) return { ...about, outcome: "left" };
    const performed = await act(verdict, cluster, options);
    return { ...about, status: performed.status, outcome: "done", operation: performed.operation };
  } catch (thrown) {
    const error = toSwarmError(thrown);
    const { action, reason } = verdict;
    const outcome = isConcurrentChange(error) ? "busy" : "failed";
    return { cluster: name, status, action, reason, outcome, error: error.toJSON() };
  }
}

function act(
  verdict: Exclude<FinalDecision, { action: "none" }>,
  cluster: Cluster,
  options: ReconcileOptions,
): Promise<Performed> {
  const { settings, engine, signal, reconciler } = options;
  const { id, version, name } = cluster;
  const lifecycle: LifecycleOptions = {
    ...{ settings, engine, signal, operations },
    onEvent: (event) => options.onEvent(name, event),
    by: { actor: reconciler, reason: verdict.reason },
  };
  const on = { cluster: name, waitMs: 0, seen: { id, version } };
  switch (verdict.action) {
    case "hibernate":
      return perform(lifecycle, hibernate, on, { ifIdle: verdict.ifIdle });
    case "reactivate":
      return perform(lifecycle, reactivate, on, {});
    case "destroy":
      return perform(lifecycle, destroy, on, { purge: false });
    case "resume":
      return resumeOperation(lifecycle, verdict.operation, 0);
    default:
      return verdict satisfies never;
  }
}

/** SW601: busy. SW620: changed concurrently, or no longer idle; SW623 if the operation was rolled back for that reason. */
function isConcurrentChange({ code, cause }: SwarmError): boolean {
  if (code === "SW623") return cause instanceof SwarmError && isConcurrentChange(cause);
  return code === "SW601" || code === "SW620";
}
