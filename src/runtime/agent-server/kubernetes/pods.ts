import type { V1Pod } from "@kubernetes/client-node";
import type { Client } from "../../../control-plane/client.ts";

/** The pods of a cluster's agents, as the control plane tells of them. */
export interface PodWatch {
  /** Names of the pods of an agent that have not ended, sorted. */
  namesOf(resource: string): readonly string[];
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
  /** A pod has ended, or is not there any more. */
  readonly onGone: (name: string) => void;
  readonly onError: (error: unknown) => void;
}

const retryMs = 2_000;

/** Watches pods until it is stopped; goes on when the control plane was away. */
export function watchPods({ library, config }: Client, options: PodWatchOptions): PodWatch {
  const { namespace, selector: labelSelector, agentLabel, onList, onGone, onError } = options;
  const api = config.makeApiClient(library.CoreV1Api);
  const agents = new Map<string, string>();
  let timer: NodeJS.Timeout | undefined;

  async function list() {
    const found = await api.listNamespacedPod({ namespace, labelSelector });
    onList(new Set(found.items.filter((pod) => !hasEnded(pod)).map(nameOf)));
    return found;
  }

  function gone(pod: V1Pod): void {
    if (agents.delete(nameOf(pod))) onGone(nameOf(pod));
  }

  function present(pod: V1Pod): void {
    if (hasEnded(pod)) gone(pod);
    else agents.set(nameOf(pod), pod.metadata?.labels?.[agentLabel] ?? "");
  }

  const informer = library.makeInformer(config, `/api/v1/namespaces/${namespace}/pods`, list, labelSelector);
  informer.on("add", present);
  informer.on("update", present);
  informer.on("delete", gone);
  informer.on("error", (error) => {
    onError(error);
    timer = setTimeout(() => void informer.start(), retryMs);
  });
  void informer.start();
  return {
    namesOf: (resource) => [...agents].flatMap(([name, agent]) => (agent === resource ? [name] : [])).sort(),
    get size() {
      return agents.size;
    },
    stop() {
      clearTimeout(timer);
      void informer.stop();
    },
  };
}

function nameOf({ metadata }: V1Pod): string {
  return metadata?.name ?? "";
}

function hasEnded({ status }: V1Pod): boolean {
  return status?.phase === "Succeeded" || status?.phase === "Failed";
}
