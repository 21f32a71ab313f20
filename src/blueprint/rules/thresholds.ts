import type { ScalingMetric } from "../model.ts";
import type { Maybe, ScalingDraft } from "../schema/blueprint.ts";
import { known } from "../shape/shape.ts";
import { cut } from "../source/describe.ts";
import { nodeAt, type Path } from "../source/tree.ts";
import { metricUnits, readThreshold } from "../thresholds.ts";
import type { RuleContext } from "./context.ts";

/** A signal in the file: an entry of `signals`, or the shorthand keys of scaling. */
export interface WrittenSignal {
  readonly path: Path;
  readonly metric: Maybe<ScalingMetric>;
  readonly expression: Maybe<string>;
  readonly target: Maybe<number | string>;
  readonly up: Maybe<number | string>;
  readonly down: Maybe<number | string>;
}

/** The signals of a scaling section, the shorthand first. */
export function writtenSignals(draft: ScalingDraft, path: Path): readonly WrittenSignal[] {
  const signals: WrittenSignal[] = [];
  const { metric, expression, scale_up_threshold: up, scale_down_threshold: down } = draft;
  if (metric !== undefined || expression !== undefined || up !== undefined || down !== undefined) {
    signals.push({ path, metric: metric ?? "task_queue_length", expression, target: undefined, up, down });
  }
  for (const [index, signal] of (known(draft.signals) ? draft.signals : []).entries()) {
    if (!known(signal)) continue;
    const { scale_up_threshold, scale_down_threshold, ...rest } = signal;
    signals.push({ path: [...path, "signals", index], ...rest, up: scale_up_threshold, down: scale_down_threshold });
  }
  return signals;
}

/** Checks that thresholds have the unit of their metric and are ordered, and that metrics are unique. */
export function checkThresholds(context: RuleContext): void {
  const sections: { readonly scaling: Maybe<ScalingDraft>; readonly path: Path }[] = [
    { scaling: context.cluster?.scaling, path: ["cluster", "scaling"] },
  ];
  for (const { draft, path } of context.agents) sections.push({ scaling: draft.scaling, path: [...path, "scaling"] });
  for (const { scaling, path } of sections) {
    if (!known(scaling)) continue;
    const seen = new Set<ScalingMetric>();
    for (const signal of writtenSignals(scaling, path)) {
      checkSignal(signal, context);
      if (!known(signal.metric) || signal.metric === "expression") continue;
      if (seen.has(signal.metric))
        context.report("SW332", context.value([...signal.path, "metric"]), { metric: signal.metric });
      seen.add(signal.metric);
    }
  }
}

function checkSignal(signal: WrittenSignal, context: RuleContext): void {
  const { metric, expression, target, up, down, path } = signal;
  const { report, value, key } = context;
  if (target !== undefined && up !== undefined)
    report("SW334", key([...path, "target"]), {}, { fix: "remove one of them" });
  if (!known(metric)) return;
  if (metric === "expression" && expression === undefined)
    report("SW333", value([...path, "metric"]), { metric, given: false });
  if (metric !== "expression" && expression !== undefined)
    report("SW333", key([...path, "expression"]), { metric, given: true });
  if (metric === "expression" && target === undefined && up === undefined)
    report("SW335", value([...path, "metric"]), { metric });
  const upValue = judge(target ?? up, target === undefined ? "scale_up_threshold" : "target", metric, path, context);
  const downValue = judge(down, "scale_down_threshold", metric, path, context);
  if (upValue === "unknown" || downValue === "unknown" || (upValue === undefined && downValue === undefined)) return;
  checkOrder(metric, upValue, downValue, signal, context);
}

/** The threshold in its metric's unit; undefined if it is absent. */
function judge(
  written: Maybe<number | string>,
  name: string,
  metric: ScalingMetric,
  path: Path,
  { report, value, root }: RuleContext,
): number | "unknown" | undefined {
  if (written === undefined) return undefined;
  if (!known(written)) return "unknown";
  const threshold = readThreshold(metric, written);
  if (threshold !== undefined) return threshold;
  const { expected, unit } = metricUnits[metric];
  const node = nodeAt(root, [...path, name]);
  const shown = node?.kind === "scalar" ? cut(node.source) : String(written);
  const inSeconds = `${shown} seconds`;
  const suggestion = unit === "milliseconds" && readThreshold(metric, inSeconds) !== undefined ? inSeconds : undefined;
  report("SW331", value([...path, name]), { metric, value: shown, expected }, { suggestion });
  return "unknown";
}

function checkOrder(
  metric: ScalingMetric,
  up: number | undefined,
  down: number | undefined,
  signal: WrittenSignal,
  context: RuleContext,
): void {
  const unit = metricUnits[metric];
  const high = up ?? unit.up;
  if (high === undefined) return;
  const low = down ?? unit.down(high);
  if (metric === "idle_agents" ? low > high : low < high) return;
  const name =
    down !== undefined ? "scale_down_threshold" : signal.target === undefined ? "scale_up_threshold" : "target";
  context.report("SW330", context.value([...signal.path, name]), {
    metric,
    up: show(high, unit.unit),
    down: show(low, unit.unit),
  });
}

function show(value: number, unit: string): string {
  if (unit === "milliseconds") return `${value / 1000} seconds`;
  return unit === "percent" ? `${value} %` : String(value);
}
