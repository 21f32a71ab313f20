import { textAt } from "../platform/json.ts";
import type { Client } from "./client.ts";
import { ApiFailure } from "./failure.ts";
import { type Followed, follow } from "./follow.ts";
import { namespacePath } from "./paths.ts";
import { type DesiredReplicas, type FastReplicas, fastMark, nextMark } from "./scale-mark.ts";
import { untilNone } from "./until-none.ts";
import { parseWorkload, readWorkload, type Workload, type WorkloadName, watchWorkload, writeMark } from "./workload.ts";

/** Attempts after a conflict, without a delay: controllers frequently write the status of a workload. */
const attempts = 20;

export interface WrittenScale {
  readonly workload: Workload;
  /** Count before the write. */
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

export type FastScaled =
  | { readonly ok: true; readonly replicas: number }
  | { readonly ok: false; readonly because: "moved-on" | "pinned" | "missing"; readonly reason: string };

/**
 * Writes the count of an autoscaler, without the engine (rules: `fastMark`).
 *
 * @throws SwarmError SW612 when the control plane does not answer; ApiFailure when it refuses
 */
export async function writeFastScale(
  client: Client,
  name: WorkloadName,
  fast: FastReplicas,
  nowMs: number,
): Promise<FastScaled> {
  for (let attempt = 1; ; attempt++) {
    const live = await readWorkload(client, name);
    if (live === undefined) return { ok: false, because: "missing", reason: `there is no ${name.kind} ${name.name}` };
    const next = fastMark(live.replicas, live.mark, fast, nowMs);
    if (!next.ok) return next;
    try {
      const { replicas } = await writeMark(client, name, next.mark, live.resourceVersion);
      return { ok: true, replicas };
    } catch (error) {
      if (!(error instanceof ApiFailure && error.status === 409) || attempt === attempts) throw error;
    }
  }
}

/** Removes the mark and keeps the present count for the next owner. */
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

/**
 * Waits until a workload has its count: observed by its controller, all pods ready, none terminating.
 *
 * @param tell called with the progress
 * @returns false if the signal is aborted first
 */
export async function untilScaled(
  client: Client,
  name: WorkloadName,
  tell: (progress: string) => void,
  signal: AbortSignal,
): Promise<boolean> {
  for await (const workload of workloadStates(client, name, signal)) {
    if (workload === undefined) tell("there is no such workload");
    else if (!workload.settled) tell(`${workload.ready}/${workload.replicas} ready`);
    else {
      const before = await untilEnded(client, name, workload, tell, signal);
      // The workload may have changed while pods terminated.
      if (before === 0 || (before > 0 && (await readWorkload(client, name))?.settled === true)) return true;
    }
  }
  return false;
}

/** Yields the state now and after each change. */
async function* workloadStates(client: Client, name: WorkloadName, signal: AbortSignal) {
  let last = await readWorkload(client, name);
  yield last;
  const followed: Followed<{ workload: Workload | undefined }> = {
    watch: () => watchWorkload(client, name, last?.resourceVersion, signal),
    take({ type, object }) {
      if (type === "DELETED") return undefined;
      last = parseWorkload(object);
      return { workload: last };
    },
    async ask() {
      last = await readWorkload(client, name);
      return { workload: last };
    },
  };
  for await (const { workload } of follow(followed, signal)) yield workload;
}

/** Waits until no pod is terminating. @returns how many were; -1 if the signal is aborted first */
async function untilEnded(
  client: Client,
  { namespace }: WorkloadName,
  { selector }: Workload,
  tell: (progress: string) => void,
  signal: AbortSignal,
): Promise<number> {
  let most = 0;
  const left = await untilNone(
    client,
    {
      path: namespacePath(namespace, "pods"),
      labelSelector: selector,
      counts: (pod) => textAt(pod, "metadata", "deletionTimestamp") !== undefined,
      tell(names) {
        most = Math.max(most, names.length);
        tell(`waiting for ${names.length} to end`);
      },
    },
    signal,
  );
  return left.length === 0 ? most : -1;
}
