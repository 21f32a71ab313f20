import { type KubeObject, nameOf, textAt } from "../../object.ts";
import { conditionOf, described } from "../conditions.ts";
import { info, type Message, neverReady, ready, type WaitRule, waiting, warning } from "../rule.ts";

/** It runs and is ready, or has done its work. */
export const pod: WaitRule = {
  timedOut: neverReady,
  events: true,
  judge({ object, events }) {
    const phase = textAt(object, "status", "phase");
    if (phase === "Succeeded" || conditionOf(object, "Ready")?.status === "True")
      return ready("Pod initialization complete");
    const unready = conditionOf(object, "Ready");
    const reasons = unready?.message ? [described(unready)] : [];
    if (phase === "Failed") {
      const reason = textAt(object, "status", "message") ?? textAt(object, "status", "reason") ?? "the Pod failed";
      return { state: "failed", messages: [], reasons: [reason] };
    }
    const scheduled = conditionOf(object, "PodScheduled")?.status === "True";
    const step = info(`Waiting for Pod "${nameOf(object)}" to be ${scheduled ? "ready" : "scheduled"}`);
    return waiting([step, ...latestWarning(events)], reasons);
  },
};

function latestWarning(events: readonly KubeObject[]): readonly Message[] {
  const latest = events.findLast((event) => event.type === "Warning");
  return latest === undefined ? [] : [warning(`${textAt(latest, "reason")}: ${textAt(latest, "message")}`)];
}
