import { type KubeObject, numberAt, textAt } from "../../object.ts";
import { isObserved } from "../conditions.ts";
import { info, neverReady, ready, type Verdict, type WaitRule, waiting } from "../rule.ts";

/** All replicas are ready, and those above the partition are of the newest revision. */
export const statefulSet: WaitRule = {
  timedOut: neverReady,
  judge: ({ object, updating }) => judge(object, updating),
};

function judge(object: KubeObject, updating: boolean): Verdict {
  const wanted = numberAt(object, "spec", "replicas") ?? 1;
  const observed = isObserved(object);
  if (wanted === 0) return judgeEmpty(observed ? (numberAt(object, "status", "replicas") ?? 0) : undefined);
  const readyCount = observed ? (numberAt(object, "status", "readyReplicas") ?? 0) : 0;
  const rolled = observed && isRolled(object, wanted);
  if (readyCount >= wanted && rolled) return ready(done);
  const what = updating
    ? "[1/3] Waiting for StatefulSet update to roll out"
    : "[1/2] Waiting for StatefulSet to create Pods";
  return waiting(
    [info(`${what} (${readyCount}/${wanted} Pods ready)`)],
    [
      `${readyCount} out of ${wanted} replicas succeeded readiness checks`,
      ...(updating && !rolled ? stuck(object) : []),
    ],
  );
}

/** Pods that still end count as replicas of a set. */
function judgeEmpty(left: number | undefined): Verdict {
  if (left === 0) return ready(done);
  return waiting([info("Waiting for the pods of the StatefulSet to end")], [`${left ?? "some"} pods have not ended`]);
}

function isRolled(object: KubeObject, wanted: number): boolean {
  if (textAt(object, "spec", "updateStrategy", "type") === "OnDelete") return true;
  const [current, next] = revisionsOf(object);
  if (current === next) return true;
  const partition = numberAt(object, "spec", "updateStrategy", "rollingUpdate", "partition") ?? 0;
  return partition > 0 && (numberAt(object, "status", "updatedReplicas") ?? 0) >= wanted - partition;
}

function stuck(object: KubeObject): readonly string[] {
  const [current, next] = revisionsOf(object);
  if (current === undefined || next === undefined || current === next) return [];
  return [`StatefulSet controller failed to advance from revision "${current}" to revision "${next}"`];
}

function revisionsOf(object: KubeObject): readonly [string | undefined, string | undefined] {
  return [textAt(object, "status", "currentRevision"), textAt(object, "status", "updateRevision")];
}

const done = "StatefulSet initialization complete";
