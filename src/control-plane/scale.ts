import type { Client } from "./client.ts";
import { ApiFailure } from "./failure.ts";
import { factsOf, listPods } from "./pods.ts";
import { type DesiredReplicas, nextMark } from "./scale-mark.ts";
import { readWorkload, type Workload, type WorkloadName, writeMark } from "./workload.ts";

/** Controllers write the status of a workload all the time: a conflict is read again at once. */
const attempts = 20;

export interface WrittenScale {
  readonly workload: Workload;
  /** What ran before. */
  readonly before: number;
}

/**
 * Writes the desired count of a workload with a fence: count and generation go into one request, which fails when the
 * object has changed in between (rules: `nextMark`).
 *
 * @param asked whether the requested count differs from the previous one
 * @returns undefined when there is no such workload
 * @throws SwarmError SW612 when the control plane does not answer; ApiFailure when it refuses
 */
export async function writeScale(
  client: Client,
  name: WorkloadName,
  desired: DesiredReplicas,
  asked: boolean,
): Promise<WrittenScale | undefined> {
  for (let attempt = 1; ; attempt++) {
    const live = await readWorkload(client, name);
    if (live === undefined) return undefined;
    const mark = nextMark(live.replicas, live.mark, desired, asked);
    if (JSON.stringify(mark) === JSON.stringify(live.mark) && live.replicas === mark.replicas) {
      return { workload: live, before: live.replicas };
    }
    try {
      return { workload: await writeMark(client, name, mark, live.resourceVersion), before: live.replicas };
    } catch (error) {
      if (!(error instanceof ApiFailure && error.status === 409) || attempt === attempts) throw error;
    }
  }
}

/** Takes the mark off, and leaves as many pods as there are: the next owner begins with them. */
export async function releaseScale(client: Client, name: WorkloadName): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const live = await readWorkload(client, name);
    if (live?.mark === undefined) return;
    try {
      await writeMark(client, name, null, live.resourceVersion);
      return;
    } catch (error) {
      if (error instanceof ApiFailure && error.status === 404) return;
      if (!(error instanceof ApiFailure && error.status === 409) || attempt === attempts) throw error;
    }
  }
}

/** How far a workload is from its count: undefined when it is there, with nothing left that still ends. */
export async function missing(client: Client, name: WorkloadName): Promise<string | undefined> {
  const workload = await readWorkload(client, name);
  if (workload === undefined) return "there is no such workload";
  const { replicas, ready, settled, selector } = workload;
  if (!settled) return `${ready}/${replicas} ready`;
  const { pods } = await listPods(client, name.namespace, selector);
  const ending = pods.map(factsOf).filter((pod) => pod.ending);
  return ending.length === 0 ? undefined : `waiting for ${ending.length} to end`;
}
