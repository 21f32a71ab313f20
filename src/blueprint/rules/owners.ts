import { targets } from "../../targets/targets.ts";
import { either } from "../diagnostics/entry.ts";
import type { ScalingMetric, ScalingOwner } from "../model.ts";
import { isPrometheusQuery } from "../notation/expression.ts";
import type { AgentDraft, Maybe, ScalingDraft } from "../schema/blueprint.ts";
import { invalid, known } from "../shape/shape.ts";
import type { Path } from "../source/tree.ts";
import { readThreshold } from "../thresholds.ts";
import { ownersFor, type Way, whoScales } from "../who-scales.ts";
import type { Numbered, RuleContext } from "./context.ts";
import { nameOf } from "./hierarchy.ts";
import { writtenSignals } from "./thresholds.ts";

/** Effective scaling of one agent; unknown if a part of it is invalid. */
interface Effective {
  readonly owner: ScalingOwner;
  readonly ownerPath: Path;
  /** Each with the path to report. */
  readonly metrics: readonly Measured[];
}

interface Measured {
  readonly metric: ScalingMetric;
  readonly path: Path;
  readonly expression?: { readonly text: string; readonly path: Path } | undefined;
  /** The written threshold, with the path of its value. */
  readonly up: { readonly written: Maybe<number | string>; readonly path: Path };
}

/** Checks that the owner of scaling supports the target, the metrics and the counts. */
export function checkOwners(context: RuleContext): void {
  const { cluster } = context;
  if (cluster === undefined) return;
  const common = known(cluster.scaling) ? effective(cluster.scaling, ["cluster", "scaling"], undefined) : undefined;
  const commonFits = common === undefined || checkOwner(common, context);
  if (commonFits && common !== undefined) checkMetrics(common, context);
  if (known(cluster.scaling)) warnUnread(common, cluster.scaling, ["cluster", "scaling"], context);
  warnUnexecuted(
    common,
    ["cluster", "scaling"],
    context.agents.filter(({ draft }) => draft.scaling === undefined),
    context,
  );
  for (const agent of context.agents) {
    const own = agent.draft.scaling;
    if (own === undefined) {
      if (commonFits && common !== undefined) checkCount(agent, common, context);
      continue;
    }
    if (!known(own)) continue;
    const scaling = effective(own, [...agent.path, "scaling"], common);
    warnUnexecuted(scaling, [...agent.path, "scaling"], [agent], context);
    warnUnread(scaling, own, [...agent.path, "scaling"], context);
    if (scaling === undefined || !checkOwner(scaling, context)) continue;
    checkMetrics(scaling, context);
    checkCount(agent, scaling, context);
  }
}

function effective(draft: ScalingDraft, path: Path, common: Effective | undefined): Effective | undefined {
  const owner: Maybe<ScalingOwner> = draft.owner ?? common?.owner ?? "swarmstack";
  if (!known(owner)) return undefined;
  const ownerPath = draft.owner === undefined ? (common?.ownerPath ?? path) : [...path, "owner"];
  const signals = writtenSignals(draft, path);
  if (signals.length === 0) {
    // An agent's own owner with the cluster's metrics: the owner is reported.
    const inherited: readonly Measured[] = common?.metrics ?? [
      { metric: "task_queue_length", path: ownerPath, up: { written: undefined, path: ownerPath } },
    ];
    return {
      owner,
      ownerPath,
      metrics: draft.owner === undefined ? inherited : inherited.map((one) => ({ ...one, path: ownerPath })),
    };
  }
  const metrics = signals.flatMap(({ metric, expression, path: at, target, up }): readonly Measured[] =>
    known(metric)
      ? [
          {
            metric,
            path: [...at, "metric"],
            expression: known(expression) ? { text: expression, path: [...at, "expression"] } : undefined,
            up: { written: target ?? up, path: [...at, target === undefined ? "scale_up_threshold" : "target"] },
          },
        ]
      : [],
  );
  return { owner, ownerPath, metrics };
}

function checkOwner({ owner, ownerPath }: Effective, { target, report, value }: RuleContext): boolean {
  if (owner === "swarmstack" || target === undefined || targets[target].kubernetes) return true;
  report("SW401", value(ownerPath), { owner, target }, { fix: "use owner: swarmstack" });
  return false;
}

const ownKeys = ["window", "tolerance", "max_step", "panic", "fail_for", "fallback", "mode"] as const;

/** Controllers of Kubernetes read none of our own keys. */
function warnUnread(
  scaling: Effective | undefined,
  draft: ScalingDraft,
  path: Path,
  { report, key }: RuleContext,
): void {
  if (scaling === undefined || scaling.owner === "swarmstack") return;
  for (const name of ownKeys) {
    if (draft[name] === undefined) continue;
    report("SW409", key([...path, name]), { owner: scaling.owner, key: name }, { severity: "warning" });
  }
}

/** Where no autoscaler of swarmstack reaches the target, an agent with a range keeps its count. */
function warnUnexecuted(
  scaling: Effective | undefined,
  path: Path,
  agents: readonly Numbered<AgentDraft>[],
  { target, report, key }: RuleContext,
): void {
  if (scaling?.owner !== "swarmstack" || target === undefined || targets[target].autoscaler) return;
  const scaled = agents.some(({ draft: { count } }) => known(count) && count.min !== count.max);
  if (scaled) report("SW405", key(path), { owner: scaling.owner, target }, { severity: "warning" });
}

function checkMetrics({ owner, metrics }: Effective, { report, value }: RuleContext): void {
  for (const { metric, path, up, expression } of metrics) {
    const way = whoScales[owner][metric];
    if (way.can && way.trigger === "prometheus" && expression !== undefined && !isPrometheusQuery(expression.text)) {
      const values = { owner, metric, reason: "it asks Prometheus only" };
      report("SW402", value(expression.path), values, { fix: "use owner: swarmstack" });
    }
    if (way.can) {
      const written = known(up.written) ? up.written : undefined;
      const threshold = written === undefined ? undefined : readThreshold(metric, written);
      const least = leastThreshold(way, threshold);
      if (least !== undefined) report("SW408", value(up.path), { owner, metric, least, value: String(written) });
      continue;
    }
    report(
      "SW402",
      value(path),
      { owner, metric, reason: way.reason },
      { fix: `use owner: ${either(ownersFor(metric))}` },
    );
  }
}

/** The least threshold of a way to scale, if it cannot use the given one: Kubernetes reads quantities, KEDA whole numbers. */
function leastThreshold(way: Extract<Way, { can: true }>, threshold: number | undefined): string | undefined {
  if (threshold === undefined) return undefined;
  switch (way.trigger) {
    case "cpu-utilization":
      return Math.round(threshold) >= 1 ? undefined : "1 %";
    case "pods-metric":
      return Math.round(threshold) >= 1 ? undefined : "1 millisecond";
    case "external-metric":
      return threshold >= 0.001 ? undefined : "0.001";
    case "redis-streams":
      return Number.isInteger(threshold) && threshold >= 1 ? undefined : "1 task, in whole numbers";
    default:
      return undefined;
  }
}

/** Only an agent with a range is scaled. */
function checkCount(agent: Numbered<AgentDraft>, { owner, metrics }: Effective, context: RuleContext): void {
  const { count } = agent.draft;
  if (!known(count) || count.min === count.max) return;
  const ways = metrics.map(({ metric }) => ({ metric, way: whoScales[owner][metric] }));
  const least = Math.max(0, ...ways.map(({ way }) => (way.can ? way.least : 0)));
  const { report, value, key } = context;
  if (owner !== "swarmstack") {
    const { state, scale_in: scaleIn, queue } = agent.draft;
    if (state !== undefined && scaleIn !== "last" && scaleIn !== invalid) {
      const fix = "add scale_in: last, or use owner: swarmstack";
      report("SW406", key([...agent.path, "state"]), { owner, name: nameOf(agent) }, { fix });
    }
    const byRedis = queue !== undefined && ways.some(({ way }) => way.can && way.trigger === "redis-streams");
    const target = known(context.cluster) ? context.cluster.target : undefined;
    if (byRedis && context.hasRedis && (target === undefined || (known(target) && target.redis === undefined))) {
      report("SW407", key([...agent.path, "queue"]), { name: nameOf(agent) }, { fix: "set cluster.target.redis" });
    }
  }
  if (count.min < least) {
    const values = { name: nameOf(agent), min: count.min, least, owner };
    report("SW403", value([...agent.path, "count"]), values, { suggestion: `${least}-${Math.max(least, count.max)}` });
  }
  if (ways.some(({ way }) => way.can && way.trigger === "cpu-utilization") && lacksCpu(agent, context)) {
    report("SW404", value([...agent.path, "name"]), { name: nameOf(agent) }, { fix: "add resources: { cpu: 500m }" });
  }
}

function lacksCpu(agent: Numbered<AgentDraft>, { draft }: RuleContext): boolean {
  const own = agent.draft.resources;
  if (own !== undefined && (!known(own) || own.cpu !== undefined)) return false;
  if (draft.defaults === undefined) return true;
  if (!known(draft.defaults)) return false;
  const common = draft.defaults.resources;
  return common === undefined || (known(common) && common.cpu === undefined);
}
