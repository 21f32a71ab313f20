import type { Scaling, ScalingMetric, Signal } from "./model.ts";
import { read, readAll } from "./read.ts";
import type { ScalingDraft } from "./schema/blueprint.ts";
import { metricUnits, readThreshold } from "./thresholds.ts";

/** Applies the defaults; keys that an agent omits come from the cluster. */
export function assembleScaling(draft: ScalingDraft, cluster: Scaling | undefined): Scaling {
  const own = signalsOf(draft);
  return {
    owner: read(draft.owner) ?? cluster?.owner ?? "swarmstack",
    cooldownMs: read(draft.cooldown) ?? cluster?.cooldownMs ?? 60_000,
    windowMs: read(draft.window) ?? cluster?.windowMs,
    tolerance: read(draft.tolerance) ?? cluster?.tolerance,
    maxStep: read(draft.max_step) ?? cluster?.maxStep,
    panic: read(draft.panic) ?? cluster?.panic,
    failForMs: read(draft.fail_for) ?? cluster?.failForMs,
    fallback: read(draft.fallback) ?? cluster?.fallback,
    mode: read(draft.mode) ?? cluster?.mode,
    signals: own.length > 0 ? own : (cluster?.signals ?? [createSignal({ metric: "task_queue_length" })]),
  };
}

function signalsOf(draft: ScalingDraft): readonly Signal[] {
  const listed = readAll(read(draft.signals) ?? []).map((signal) =>
    createSignal({
      metric: read(signal.metric),
      expression: read(signal.expression),
      up: read(signal.target) ?? read(signal.scale_up_threshold),
      down: read(signal.scale_down_threshold),
    }),
  );
  const metric = read(draft.metric);
  const up = read(draft.scale_up_threshold);
  const down = read(draft.scale_down_threshold);
  if (metric === undefined && up === undefined && down === undefined) return listed;
  const expression = read(draft.expression);
  return [createSignal({ metric: metric ?? "task_queue_length", expression, up, down }), ...listed];
}

interface WrittenSignal {
  readonly metric: ScalingMetric;
  readonly expression?: string | undefined;
  readonly up?: number | string | undefined;
  readonly down?: number | string | undefined;
}

function createSignal({ metric, expression, up, down }: WrittenSignal): Signal {
  const unit = metricUnits[metric];
  const scaleUpThreshold = (up === undefined ? unit.up : readThreshold(metric, up)) ?? 0;
  const scaleDownThreshold =
    (down === undefined ? undefined : readThreshold(metric, down)) ?? unit.down(scaleUpThreshold);
  return { metric, expression, scaleUpThreshold, scaleDownThreshold };
}
