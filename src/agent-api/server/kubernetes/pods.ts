import type { V1Pod } from "@kubernetes/client-node";
import type { Client } from "../../../control-plane/client.ts";

/** The pods of a cluster's agents, as the control plane tells of them. */
export interface PodWatch {
  /** Names of the pods of an agent that have not ended, sorted. */
  namesOf(resource: string): readonly string[];
  /** When a pod that is asked to end is killed, in milliseconds since the epoch; undefined for all others. */
  stopDeadlineOf(name: string): number | undefined;
  readonly size: number;
  stop(): void;
}

export interface PodWatchOptions {
  readonly namespace: string;
  /** Of labels, as "a=b,c". */
  readonly selector: string;
  /** Label that says which agent a pod is of. */
  readonly agentLabel: string;
  /** All pods that there are, whenever that is known anew: at the start, and after the control plane was away. */
  readonly onList: (names: ReadonlySet<string>) => void;
  /** A pod is asked to end. */
  readonly onStopping: (name: string) => void;
  /** A pod has ended, or is not there any more. */
  readonly onGone: (name: string) => void;
  readonly onError: (error: unknown) => void;
}

interface SeenPod {
  readonly agent: string;
  readonly stopDeadlineMs: number | undefined;
}

const retryMs = 2_000;

/** Watches pods until it is stopped; goes on when the control plane was away. */
export function watchPods({ library, config }: Client, options: PodWatchOptions): PodWatch {
  const { namespace, selector: labelSelector, agentLabel, onList, onStopping, onGone, onError } = options;
  const api = config.makeApiClient(library.CoreV1Api);
  const seen = new Map<string, SeenPod>();
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  async function list() {
    const found = await api.listNamespacedPod({ namespace, labelSelector });
    onList(new Set(found.items.filter((pod) => !hasEnded(pod)).map(nameOf)));
    return found;
  }

  function gone(pod: V1Pod): void {
    if (seen.delete(nameOf(pod))) onGone(nameOf(pod));
  }

  function present(pod: V1Pod): void {
    if (hasEnded(pod)) {
      gone(pod);
      return;
    }
    const name = nameOf(pod);
    const agent = pod.metadata?.labels?.[agentLabel] ?? "";
    const stopDeadlineMs = deletionMs(pod);
    const wasStopping = seen.get(name)?.stopDeadlineMs !== undefined;
    seen.set(name, { agent, stopDeadlineMs });
    if (stopDeadlineMs !== undefined && !wasStopping) onStopping(name);
  }

  const informer = library.makeInformer(config, `/api/v1/namespaces/${namespace}/pods`, list, labelSelector);
  informer.on("add", present);
  informer.on("update", present);
  informer.on("delete", gone);
  informer.on("error", (error) => {
    // What is under way when it is stopped ends with an error.
    if (stopped) return;
    onError(error);
    timer = setTimeout(() => void informer.start(), retryMs);
  });
  void informer.start();
  return {
    namesOf: (resource) => [...seen].flatMap(([name, { agent }]) => (agent === resource ? [name] : [])).sort(),
    stopDeadlineOf: (name) => seen.get(name)?.stopDeadlineMs,
    get size() {
      return seen.size;
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
      void informer.stop();
    },
  };
}

function nameOf({ metadata }: V1Pod): string {
  return metadata?.name ?? "";
}

/** The time of the request and the grace period together; in what a watch tells it is still text. */
function deletionMs({ metadata }: V1Pod): number | undefined {
  const at = metadata?.deletionTimestamp;
  return at === undefined ? undefined : new Date(at).getTime();
}

function hasEnded({ status }: V1Pod): boolean {
  return status?.phase === "Succeeded" || status?.phase === "Failed";
}
