import type { Client } from "../../../control-plane/client.ts";
import { namespacePath } from "../../../control-plane/paths.ts";
import { listPods, type Pod, parsePod } from "../../../control-plane/pods.ts";
import { watchObjects } from "../../../control-plane/watch.ts";
import { pause } from "../../../platform/wait.ts";

/** The pods of a cluster's agents, as reported by the control plane. */
export interface PodWatch {
  /** Sorted names of the pods of an agent that have not ended. */
  namesOf(resource: string): readonly string[];
  /** When a terminating pod is killed, in milliseconds since the epoch; undefined for all others. */
  stopDeadlineOf(name: string): number | undefined;
  readonly size: number;
  stop(): void;
}

export interface PodWatchOptions {
  readonly namespace: string;
  /** Label selector, as "a=b,c". */
  readonly selector: string;
  /** Label of the agent of a pod. */
  readonly agentLabel: string;
  /** Called with all pods after each list: at the start and after a lost watch. */
  readonly onList: (names: ReadonlySet<string>) => void;
  /** A pod is terminating. */
  readonly onStopping: (name: string) => void;
  /** A pod has ended or was deleted. */
  readonly onGone: (name: string) => void;
  readonly onError: (error: unknown) => void;
}

interface SeenPod {
  readonly agent: string;
  readonly stopDeadlineMs: number | undefined;
}

const retryMs = 2_000;
/** A list and a new watch after that. */
const watchSeconds = 300;

/** Watches pods until stopped; lists again after the control plane was unavailable. */
export function watchPods(client: Client, options: PodWatchOptions): PodWatch {
  const { namespace, selector, agentLabel, onList, onStopping, onGone, onError } = options;
  const seen = new Map<string, SeenPod>();
  const stopping = new AbortController();
  const { signal } = stopping;

  /** Until the watch ends. */
  async function listAndWatch(): Promise<void> {
    const { pods, resourceVersion } = await listPods(client, namespace, selector);
    const present = pods.filter((pod) => !hasEnded(pod));
    const names = new Set(present.map(nameOf));
    onList(names);
    for (const name of seen.keys()) if (!names.has(name)) gone(name);
    present.forEach(see);
    const path = namespacePath(namespace, "pods");
    const request = { path, labelSelector: selector, resourceVersion, signal, seconds: watchSeconds };
    for await (const { type, object } of watchObjects(client.api, request)) {
      const pod = parsePod(object);
      if (type === "DELETED" || hasEnded(pod)) gone(nameOf(pod));
      else see(pod);
    }
  }

  async function run(): Promise<void> {
    while (!signal.aborted) {
      try {
        await listAndWatch();
      } catch (error) {
        // A request that is aborted by the stop ends with an error.
        if (signal.aborted) return;
        onError(error);
        await pause(retryMs, signal);
      }
    }
  }

  function gone(name: string): void {
    if (seen.delete(name)) onGone(name);
  }

  function see(pod: Pod): void {
    const name = nameOf(pod);
    const agent = pod.metadata.labels[agentLabel] ?? "";
    const stopDeadlineMs = deletionMs(pod);
    const wasStopping = seen.get(name)?.stopDeadlineMs !== undefined;
    seen.set(name, { agent, stopDeadlineMs });
    if (stopDeadlineMs !== undefined && !wasStopping) onStopping(name);
  }

  void run();
  return {
    namesOf: (resource) => [...seen].flatMap(([name, { agent }]) => (agent === resource ? [name] : [])).sort(),
    stopDeadlineOf: (name) => seen.get(name)?.stopDeadlineMs,
    get size() {
      return seen.size;
    },
    stop: () => stopping.abort(),
  };
}

function nameOf({ metadata }: Pod): string {
  return metadata.name;
}

/** Deletion timestamp plus grace period. */
function deletionMs({ metadata }: Pod): number | undefined {
  const at = metadata.deletionTimestamp;
  return at === undefined ? undefined : new Date(at).getTime();
}

function hasEnded({ status }: Pod): boolean {
  return status.phase === "Succeeded" || status.phase === "Failed";
}
