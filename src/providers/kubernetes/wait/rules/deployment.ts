import { type KubeObject, numberAt, valueIn } from "../../object.ts";
import { conditionOf, described, isObserved } from "../conditions.ts";
import { info, neverReady, ready, type Verdict, type WaitRule, waiting, warning } from "../rule.ts";

/** All replicas are of the newest template and available, and none of an older one is left. */
export const deployment: WaitRule = { judge: ({ object }) => judge(object), timedOut: neverReady };

function judge(object: KubeObject): Verdict {
  const wanted = numberAt(object, "spec", "replicas") ?? 1;
  const status = (field: string) => numberAt(object, "status", field) ?? 0;
  if (wanted === 0 || (valueIn(object, "spec", "paused") === true && isObserved(object))) return ready(done);
  const progressing = conditionOf(object, "Progressing");
  const available = conditionOf(object, "Available");
  const updated = status("updatedReplicas");
  if (
    isObserved(object) &&
    updated >= wanted &&
    status("replicas") <= updated &&
    status("availableReplicas") >= wanted &&
    progressing?.reason === "NewReplicaSetAvailable"
  ) {
    return ready(done);
  }
  const failed = progressing?.status === "False" ? [described(progressing)] : [];
  const short = available?.status === "False" ? [warning(described(available))] : [];
  const count = isObserved(object) ? Math.min(status("availableReplicas"), updated) : 0;
  return waiting(
    [
      ...short,
      ...failed.map(warning),
      info(`Waiting for app ReplicaSet to be available (${count}/${wanted} Pods available)`),
    ],
    ["Minimum number of live Pods was not attained", ...failed],
  );
}

const done = "Deployment initialization complete";
