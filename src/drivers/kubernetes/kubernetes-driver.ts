import { Readable } from "node:stream";
import { type Client, connect } from "../../control-plane/client.ts";
import { ApiFailure } from "../../control-plane/failure.ts";
import { namespacePath } from "../../control-plane/paths.ts";
import { listPods, type Pod } from "../../control-plane/pods.ts";
import { SwarmError } from "../../errors.ts";
import { agentApi, labelKeys } from "../../names.ts";
import type { AttachOptions } from "../attach.ts";
import { dialCommand } from "../dial.ts";
import type { Driver, ExecOptions, ExecResult, RuntimeStatus } from "../driver.ts";
import { agentsOf, type FoundInstance } from "../found-instances.ts";
import { remoteServer } from "../remote-server.ts";
import { attached, endOf } from "../running-command.ts";
import { writingTo } from "../writing-to.ts";
import { desiredReplicas } from "./desired-replicas.ts";
import { type ContainerLocation, followPod, tailPod } from "./pod-logs.ts";
import { podStatus } from "./pod-status.ts";
import { podUsages } from "./pod-usage.ts";
import { exitOf, runRemotely } from "./remote-command.ts";

/** Location of a cluster on Kubernetes. */
interface KubernetesLocation {
  /** Context of the kubeconfig; undefined: the current one. */
  readonly context: string | undefined;
  readonly namespace: string;
  /** Prefix of the names of its resources, and value of the label of its pods. */
  readonly resource: string;
}

const agentContainer = "agent";
type RunningPod = Awaited<ReturnType<typeof runRemotely>>;

/**
 * A driver for instances in pods: their status comes from the control plane, their health from the cluster's agent
 * server.
 * @throws SwarmError SW611 when the kubeconfig has no such context.
 */
export async function kubernetesDriver({ context, ...location }: KubernetesLocation): Promise<Driver> {
  return podDriver(await connect({ context }), location);
}

/** Like `kubernetesDriver`, with an existing client. */
export function podDriver(client: Client, { namespace, resource }: Omit<KubernetesLocation, "context">): Driver {
  const selector = `${labelKeys.cluster}=${resource}`;
  const server = remoteServer(resource, async (streams) => {
    const pod = await apiPod();
    if (pod === undefined)
      throw new SwarmError("SW704", `no pod of ${namespace} serves the agent API of ${resource} now`);
    return runRemotely(client, { namespace, pod, container: agentApi.part, command: dialCommand, ...streams });
  });

  async function pods(signal?: AbortSignal): Promise<readonly Pod[]> {
    return (await listPods(client, namespace, selector, signal)).pods;
  }

  async function apiPod(): Promise<string | undefined> {
    return serving(await pods());
  }

  return {
    ask: server.ask,
    async status(signal) {
      const found = await pods(signal);
      if (found.length === 0) return undefined;
      const api = serving(found);
      const told = api === undefined ? undefined : await server.status(signal);
      return {
        api: told === undefined ? undefined : `pod ${api}`,
        agents: agentsOf(found.filter(isAgent).map(foundPod), told),
      } satisfies RuntimeStatus;
    },
    desired: (signal) => desiredReplicas(client, { namespace, selector }, signal),
    tail: (instance, lines, options) => inPod(instance, () => tailPod(client, locationOf(instance), lines, options)),
    follow: (instance, options) => followPod(client, locationOf(instance), options),
    exec: (instance, command, options) => inPod(instance, () => execIn(client, locationOf(instance), command, options)),
    attach: (instance, command, options) =>
      inPod(instance, () => attachIn(client, locationOf(instance), command, options)),
    usage: (signal) => podUsages(client, { namespace, selector, container: agentContainer }, signal),
    restart: (instance, signal) =>
      inPod(instance, async () => {
        await client.api.request({ method: "DELETE", path: namespacePath(namespace, "pods", instance), signal });
      }),
    // They are on a PersistentVolumeClaim, which only a pod can read.
    copyCheckpoints: async () => false,
    close: () => server.close(),
  };

  function locationOf(pod: string) {
    return { namespace, pod, container: agentContainer };
  }

  async function inPod<Result>(instance: string, work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof ApiFailure) || error.status !== 404) throw error;
      throw new SwarmError("SW705", `instance ${instance} does not exist`, { cause: error, values: { instance } });
    }
  }
}

/** The pod that currently serves the agent API. */
function serving(pods: readonly Pod[]): string | undefined {
  const running = pods
    .filter(({ metadata }) => metadata.labels[labelKeys.part] === agentApi.part)
    .find((pod) => podStatus(pod, agentApi.part).state === "running");
  return running?.metadata.name;
}

function isAgent({ metadata }: Pod): boolean {
  return metadata.labels[labelKeys.agent] !== undefined;
}

function foundPod(pod: Pod): FoundInstance {
  const { [labelKeys.agent]: resource = "", [labelKeys.role]: role = "" } = pod.metadata.labels;
  return { resource, role, status: podStatus(pod, agentContainer) };
}

async function execIn(
  client: Client,
  location: ContainerLocation,
  command: readonly string[],
  { stdin, onStdout, onStderr, signal }: ExecOptions = {},
): Promise<ExecResult> {
  const running = await runRemotely(client, {
    ...{ ...location, command, stdout: writingTo(onStdout), stderr: writingTo(onStderr) },
    ...(stdin !== undefined && { stdin: Readable.from([Buffer.from(stdin)]) }),
  });
  return resultOf(await endOf(running, "the control plane", signal), command);
}

async function attachIn(
  client: Client,
  location: ContainerLocation,
  command: readonly string[],
  options: AttachOptions,
): Promise<ExecResult> {
  const end = await attached(options, "the control plane", (streams) =>
    runRemotely(client, { ...location, command, ...streams }),
  );
  return resultOf(end, command);
}

function resultOf(status: Awaited<RunningPod["ended"]>, command: readonly string[]): ExecResult {
  const exit = exitOf(status);
  if (exit === undefined) throw new SwarmError("SW604", `${command[0]} cannot be started: ${status?.message}`);
  return { exit, signal: null };
}
