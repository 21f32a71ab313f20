import { SwarmError } from "../../../errors.ts";
import { numberAt, recordsAt, textAt, valueAt } from "../../../platform/json.ts";
import { apiVersionOf, kindOf } from "../kind.ts";
import { annotationOf, type KubeObject, nameOf } from "../object.ts";
import { conditionOf, described, isObserved } from "./conditions.ts";
import { jsonPath } from "./json-path.ts";
import { info, type Message, neverReady, ready, type Verdict, type WaitRule, waiting, warning } from "./rule.ts";

/** Ready when every scheduled node has an available pod of the newest template. */
const daemonSet: WaitRule = {
  timedOut: neverReady,
  judge({ object }) {
    const status = (field: string) => numberAt(object, "status", field) ?? 0;
    const wanted = status("desiredNumberScheduled");
    const up = Math.min(status("updatedNumberScheduled"), status("numberAvailable"));
    if (isObserved(object) && up >= wanted) return ready("DaemonSet initialization complete");
    return waiting(
      [info(`Waiting for DaemonSet Pods to be available (${up}/${wanted} Pods available)`)],
      [`${up} out of ${wanted} Pods are available`],
    );
  },
};

/** Ready when all replicas are available and of the newest template, and no older one is left. */
const deployment: WaitRule = { judge: ({ object }) => judgeDeployment(object), timedOut: neverReady };

function judgeDeployment(object: KubeObject): Verdict {
  const wanted = numberAt(object, "spec", "replicas") ?? 1;
  const status = (field: string) => numberAt(object, "status", field) ?? 0;
  if (wanted === 0 || (valueAt(object, ["spec", "paused"]) === true && isObserved(object)))
    return ready(deploymentDone);
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
    return ready(deploymentDone);
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

const deploymentDone = "Deployment initialization complete";

/** Ready when complete, or suspended. */
const job: WaitRule = {
  timedOut: neverReady,
  judge({ object }) {
    const name = nameOf(object);
    if (conditionOf(object, "Complete")?.status === "True" || valueAt(object, ["spec", "suspend"]) === true) {
      return ready("Job initialization complete");
    }
    const failed = conditionOf(object, "Failed");
    if (failed?.status === "True") return { state: "failed", messages: [], reasons: [described(failed)] };
    if (valueAt(object, ["status", "startTime"]) === undefined)
      return waiting([info(`Waiting for Job "${name}" to start`)]);
    const count = (field: string) => numberAt(object, "status", field) ?? 0;
    const counts = `(Active: ${count("active")} | Succeeded: ${count("succeeded")} | Failed: ${count("failed")})`;
    return waiting([info(`Waiting for Job "${name}" to succeed ${counts}`)]);
  },
};

/** Ready when it is running and ready, or has succeeded. */
const pod: WaitRule = {
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

/** Ready when bound, or when its class waits for a first consumer. */
const pvc: WaitRule = {
  timedOut: (name) => `Timeout occurred polling for '${name}'`,
  events: true,
  judge({ object, events }) {
    if (textAt(object, "status", "phase") === "Bound" || waitsForConsumer(events)) return ready();
    const name = nameOf(object);
    if (textAt(object, "spec", "storageClassName") === undefined) {
      return waiting([warning(`no storage class found for "${name}"`)]);
    }
    return waiting([info(`Waiting for PersistentVolumeClaim "${name}" to be bound`)]);
  },
};

/** Whether the controller has reported, as it does repeatedly, that binding waits for a first consumer. */
function waitsForConsumer(events: readonly KubeObject[]): boolean {
  return events.some((event) => event.reason === "WaitForFirstConsumer");
}

/** A load balancer is ready when it has an address; any other service at once. */
const service: WaitRule = {
  timedOut: neverReady,
  judge({ object }) {
    const done = ready("Service initialization complete");
    if (textAt(object, "spec", "type") !== "LoadBalancer") return done;
    if (recordsAt(object, "status", "loadBalancer", "ingress").length > 0) return done;
    return waiting(
      [info("Waiting for the load balancer to get an address")],
      ["Service was not allocated an IP address; does your cloud provider support this?"],
    );
  },
};

/** Ready when all replicas are, and those above the partition are of the newest revision. */
const statefulSet: WaitRule = {
  timedOut: neverReady,
  judge: ({ object, updating }) => judgeStatefulSet(object, updating),
};

function judgeStatefulSet(object: KubeObject, updating: boolean): Verdict {
  const wanted = numberAt(object, "spec", "replicas") ?? 1;
  const observed = isObserved(object);
  if (wanted === 0) return judgeEmpty(observed ? (numberAt(object, "status", "replicas") ?? 0) : undefined);
  const readyCount = observed ? (numberAt(object, "status", "readyReplicas") ?? 0) : 0;
  const rolled = observed && isRolled(object, wanted);
  if (readyCount >= wanted && rolled) return ready(statefulSetDone);
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

/** For a set scaled to zero: terminating pods still count as replicas. */
function judgeEmpty(left: number | undefined): Verdict {
  if (left === 0) return ready(statefulSetDone);
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

const statefulSetDone = "StatefulSet initialization complete";

type WaitCondition = (object: KubeObject) => { readonly met: boolean; readonly message: Message };

/**
 * Rule of the annotation `pulumi.com/waitFor`: `condition=Ready`, `condition=Ready=False`, `jsonpath={.spec.x}`,
 * `jsonpath={.spec.x}=v`, or a JSON list of these, which must all be met.
 *
 * @throws SwarmError SW734 for anything else
 */
function waitFor(annotation: string): WaitRule {
  const conditions = readList(annotation).map(parseCondition);
  return {
    timedOut: () => "timed out waiting for the condition",
    judge({ object }) {
      const looks = conditions.map((condition) => condition(object));
      const messages = looks.map(({ message }) => message);
      return looks.every(({ met }) => met) ? { state: "ready", messages } : waiting(messages);
    },
  };
}

function readList(annotation: string): readonly string[] {
  if (!annotation.trimStart().startsWith("[")) return [annotation];
  try {
    const list: unknown = JSON.parse(annotation);
    if (Array.isArray(list) && list.length > 0) return list.map(String);
  } catch {
    // Not JSON: reported below.
  }
  throw unreadable(annotation);
}

function parseCondition(text: string): WaitCondition {
  if (text.startsWith("condition=")) {
    const [type = "", status = "True"] = text.slice("condition=".length).split("=");
    return (object) => lookAtCondition(object, type, status);
  }
  if (text.startsWith("jsonpath=")) {
    const [, path = "", wanted] = /^jsonpath=(\{[^}]*\}|[^=]*)(?:=(.*))?$/.exec(text) ?? [];
    return (object) => lookAtPath(object, path, wanted);
  }
  throw unreadable(text);
}

function lookAtCondition(object: KubeObject, type: string, status: string): ReturnType<WaitCondition> {
  const conditions = recordsAt(object, "status", "conditions");
  if (conditions.length === 0) return { met: false, message: warning("Has no .status.conditions") };
  const found = conditions.find((condition) => textAt(condition, "type")?.toLowerCase() === type.toLowerCase());
  if (found === undefined) return { met: false, message: info(`Waiting for condition "${type}"`) };
  // Ignore a status that is older than the object's last change.
  const observed = numberAt(found, "observedGeneration") ?? numberAt(object, "status", "observedGeneration");
  const current = observed === undefined || observed >= (numberAt(object, "metadata", "generation") ?? 0);
  const met = current && textAt(found, "status")?.toLowerCase() === status.toLowerCase();
  return { met, message: info(`Condition "${type}" is ${textAt(found, "status") ?? "Unknown"}${whyOf(found)}`) };
}

/** Reason and message of a condition. */
function whyOf(condition: Record<string, unknown>): string {
  const [reason, message] = [textAt(condition, "reason") ?? "", textAt(condition, "message") ?? ""];
  return message === "" ? "" : `: [${reason}] ${message}`;
}

function lookAtPath(object: KubeObject, path: string, wanted: string | undefined): ReturnType<WaitCondition> {
  const found = jsonPath(object, path);
  const [value] = found;
  if (found.length === 0) return { met: false, message: info(`Missing ${path}`) };
  const text = typeof value === "object" ? JSON.stringify(value) : String(value);
  return { met: wanted === undefined || text === wanted, message: info(`Found ${path}=${text}`) };
}

function unreadable(text: string): SwarmError {
  return new SwarmError("SW734", `expected a "jsonpath=" or "condition=" prefix, got "${text}"`);
}

/** Kinds with a readiness rule; objects of other kinds are ready when they exist. */
const byKind: Readonly<Record<string, WaitRule>> = {
  "apps/v1/Deployment": deployment,
  "apps/v1/StatefulSet": statefulSet,
  "apps/v1/DaemonSet": daemonSet,
  "batch/v1/Job": job,
  "v1/Pod": pod,
  "v1/Service": service,
  "v1/PersistentVolumeClaim": pvc,
};

/** @throws SwarmError SW734 when the object's `pulumi.com/waitFor` is invalid */
export function waitRuleOf(object: KubeObject): WaitRule | undefined {
  const annotation = annotationOf(object, "pulumi.com/waitFor");
  if (annotation !== undefined) return waitFor(annotation);
  const kind = kindOf(object);
  return kind === undefined ? undefined : byKind[`${apiVersionOf(kind)}/${kind.kind}`];
}

export const skipsAwait = (object: KubeObject) =>
  annotationOf(object, "pulumi.com/skipAwait")?.toLowerCase() === "true";
