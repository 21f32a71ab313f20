import type { Agent, Scaling, TargetKind } from "../blueprint/model.ts";
import { isPrometheusQuery } from "../blueprint/notation/expression.ts";
import { whoScales } from "../blueprint/who-scales.ts";
import { SwarmError } from "../errors.ts";
import { targets } from "../targets/targets.ts";
import type { RedisPlan, ScalingPlan, WorkloadShape } from "./plan.ts";

export interface ScalingContext {
  readonly target: TargetKind;
  readonly cluster: Scaling | undefined;
  readonly shape: WorkloadShape;
  readonly redis: RedisPlan | undefined;
}

/**
 * What writes an agent's count, and by which triggers, after the table `whoScales`.
 *
 * @throws SwarmError SW608 where the owner is not available on this target
 */
export function planScaling(agent: Agent, { target, cluster, shape, redis }: ScalingContext): ScalingPlan {
  const { min, max } = agent.count;
  if (min === max) return { kind: "fixed" };
  const scaling = agent.scaling ?? cluster;
  if (scaling === undefined || scaling.owner === "swarmstack") return { kind: "swarmstack", scaling };
  const { owner, cooldownMs } = scaling;
  if (!targets[target].kubernetes) throw refused(agent, `${owner} needs Kubernetes, and the target is ${target}`);
  if (shape === "single") {
    throw refused(
      agent,
      `${owner} removes the last instance first, and scale_in is any`,
      "write scale_in: last, or owner: swarmstack",
    );
  }
  const signals = scaling.signals.map((signal) => {
    const way = whoScales[owner][signal.metric];
    if (!way.can) throw refused(agent, `${owner} cannot scale by ${signal.metric}: ${way.reason}`);
    if (way.trigger === "prometheus" && !isPrometheusQuery(signal.expression ?? "")) {
      throw refused(agent, `${owner} asks Prometheus only, and the expression is ${signal.expression}`);
    }
    if (min < way.least)
      throw refused(agent, `${owner} keeps at least ${way.least} running, and the minimum is ${min}`);
    const trigger = agent.queue === undefined ? (way.withoutQueue ?? way.trigger) : way.trigger;
    if (trigger === "redis-streams" && redis?.kind !== "address") {
      throw refused(agent, "KEDA needs the address of Redis in the blueprint", "set cluster.target.redis");
    }
    return { ...signal, trigger };
  });
  return { kind: owner, cooldownMs, signals };
}

/** Whether our autoscaler changes the count: there are rules, and their owner is swarmstack. */
export function isScaledByUs(scaling: ScalingPlan): boolean {
  return scaling.kind === "swarmstack" && scaling.scaling !== undefined;
}

function refused({ name }: Agent, why: string, hint?: string): SwarmError {
  return new SwarmError("SW608", `"${name}" cannot be scaled: ${why}`, { hints: hint === undefined ? [] : [hint] });
}
