import { z } from "zod";
import { type Client, connectOnce } from "../../control-plane/client.ts";
import { deadlineSignal } from "../../control-plane/follow.ts";
import { factsOf, listPods } from "../../control-plane/pods.ts";
import { releaseScale, untilScaled, writeScale } from "../../control-plane/scale.ts";
import { writerOf } from "../../control-plane/scale-mark.ts";
import { readWorkload, type Workload } from "../../control-plane/workload.ts";
import { throwIfInterrupted } from "../../platform/wait.ts";
import { changedPaths } from "../base/diff.ts";
import { type CallContext, InitializationFailed, type Resource } from "../base/resource.ts";
import type { Properties } from "../base/values.ts";
import { spareBusy } from "./spare-busy.ts";

const inputsSchema = z.object({
  connection: z.object({ kubeconfig: z.string().optional(), context: z.string().optional() }),
  uid: z.string(),
  generation: z.number(),
  namespace: z.string(),
  kind: z.enum(["Deployment", "StatefulSet"]),
  name: z.string(),
  replicas: z.number().int().min(0),
  min: z.number().int().min(0).exactOptional(),
  max: z.number().int().min(0),
  // Missing in inputs of versions in which a cluster with an autoscaler could not hibernate.
  autoscaled: z.boolean().default(false),
  asleep: z.boolean().default(false),
  pin: z.object({ untilMs: z.number().exactOptional() }).exactOptional(),
});

type Inputs = z.infer<typeof inputsSchema>;

const startTimeoutMs = 600_000;
/** Time beyond the grace period for the kubelet to kill pods and the API server to delete them. */
const endTimeoutMs = 60_000;

/** Properties that identify the workload; a change replaces the resource. */
const identity = ["uid", "namespace", "kind", "name"];
/** Properties whose change alone needs no update: the generation is only the version of the desired state. */
const silent = ["generation", "connection", "min"];

/** Properties that an autoscaler owns. */
const autoscalers = ["replicas", "max"];

/**
 * `swarmstack:index:Scale`: the count of a workload on Kubernetes. It reads before every update, so that each
 * entry point sees a count that another client wrote; a newer count of our own is not drift (src/control-plane/scale-mark.ts).
 * Scales a workload that has an autoscaler only while the cluster hibernates, then restores its previous count.
 */
export const scale: Resource = {
  refreshBeforeUpdate: true,
  check: async ({ news }) => ({ inputs: news }),

  async diff({ olds, oldInputs, news }) {
    const isOurs = [oldInputs, news].some((inputs) => writesReplicas(inputs));
    const ignored = isOurs ? silent : [...silent, ...autoscalers];
    const changed = changedPaths({ autoscaled: false, asleep: false, ...oldInputs }, news);
    const paths = Object.keys(changed).filter(
      (path) => !ignored.some((name) => path === name || path.startsWith(`${name}.`)),
    );
    const isUnder = news.asleep !== true && Number(olds.replicas) < Number(news.min ?? 0);
    if ((olds.drifted === true || (isUnder && isOurs)) && !paths.includes("replicas")) paths.push("replicas");
    return {
      changes: Object.fromEntries(
        paths.map((path) => [path, identity.includes(path) ? "update-replace" : "update"] as const),
      ),
    };
  },

  async create({ inputs, preview, ...context }) {
    const desired = inputsSchema.safeParse(inputs);
    if (preview || !desired.success) return { id: "", outputs: { ...inputs, drifted: false } };
    const { namespace, kind, name } = desired.data;
    const id = `${namespace}/${kind}/${name}`;
    if (!writesReplicas(inputs)) return { id, outputs: { ...inputs, drifted: false } };
    return { id, outputs: await apply(id, inputs, desired.data, true, context) };
  },

  async read({ id, oldInputs }) {
    const inputs = inputsSchema.parse(oldInputs);
    if (!writesReplicas(oldInputs)) return { id, inputs: oldInputs, outputs: { ...oldInputs, drifted: false } };
    const workload = await readWorkload(await connectOnce(inputs.connection), inputs);
    if (workload === undefined) return undefined;
    const drifted = writerOf(workload.replicas, workload.mark, inputs.uid) !== "ours";
    return { id, inputs: oldInputs, outputs: { ...oldInputs, replicas: workload.replicas, drifted } };
  },

  async update({ id, oldInputs, news, preview, ...context }) {
    if (preview) return { ...news, drifted: false };
    const desired = inputsSchema.parse(news);
    const asked = oldInputs.replicas !== desired.replicas || isNewPin(desired.pin, inputsSchema.parse(oldInputs).pin);
    if (writesReplicas(news)) return await apply(id, news, desired, asked, context);
    const wakes = oldInputs.asleep === true;
    const outputs = wakes ? await apply(id, news, desired, asked, context) : { ...news, drifted: false };
    if (writesReplicas(oldInputs)) await releaseScale(await connectOnce(desired.connection), desired);
    return outputs;
  },

  async delete({ olds }) {
    const inputs = inputsSchema.parse(olds);
    await releaseScale(await connectOnce(inputs.connection), inputs);
  },
};

/** A pin is a request by itself: its count applies even if the recorded one is the same. */
function isNewPin(pin: Inputs["pin"], before: Inputs["pin"]): boolean {
  return pin !== undefined && (before === undefined || before.untilMs !== pin.untilMs);
}

function writesReplicas({ autoscaled, asleep }: Properties): boolean {
  return autoscaled !== true || asleep === true;
}

async function apply(
  id: string,
  inputs: Properties,
  desired: Inputs,
  asked: boolean,
  { signal, log, timeoutMs }: CallContext,
): Promise<Properties> {
  const client = await connectOnce(desired.connection);
  if (asked) await spareBusy(client, desired, desired.replicas, { signal, log });
  const written = await writeScale(client, desired, desired, asked);
  if (written === undefined)
    throw new Error(`there is no ${desired.kind} ${desired.namespace}/${desired.name} to scale`);
  const { workload, before } = written;
  const outputs = { ...inputs, replicas: workload.replicas, drifted: false };
  if ((workload.mark?.generation ?? 0) > desired.generation && asked && workload.replicas !== desired.replicas) {
    log.warning(
      `${workload.replicas} of generation ${workload.mark?.generation} are kept: they are newer than this desired state (${desired.generation})`,
    );
  }
  if (workload.settled && workload.replicas === before) return outputs;
  const deadlineMs = timeoutMs ?? deadlineOf(workload, before);
  const done = await untilScaled(client, desired, log.progress, deadlineSignal(deadlineMs, signal));
  throwIfInterrupted(signal);
  if (!done) throw new InitializationFailed(id, outputs, await reasonsOf(client, desired, workload));
  log.progress("");
  return outputs;
}

function deadlineOf({ replicas, startTimeoutMs: own = startTimeoutMs, graceMs }: Workload, before: number): number {
  return replicas >= before ? own : graceMs + endTimeoutMs;
}

async function reasonsOf(client: Client, { namespace }: Inputs, { selector }: Workload): Promise<readonly string[]> {
  const { pods } = await listPods(client, namespace, selector);
  const late = pods.map(factsOf).filter((pod) => !pod.ready || pod.ending);
  const words = late.map(({ name, ending, reason }) => `${name}: ${ending ? "does not end" : (reason ?? "not ready")}`);
  return words.length > 0 ? words : ["there are fewer pods than desired; see kubectl get events"];
}
