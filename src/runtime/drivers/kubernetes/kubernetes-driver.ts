import { Readable, Writable } from "node:stream";
import type { V1Pod } from "@kubernetes/client-node";
import { z } from "zod";
import { ApiFailure, type Client, calling, connect } from "../../../control-plane/client.ts";
import { SwarmError } from "../../../errors.ts";
import { agentApi, labelKeys } from "../../../names.ts";
import { answerMs, type Control } from "../../control/control.ts";
import { call } from "../../control/http.ts";
import { healthOf } from "../../health/health.ts";
import { type InstanceStatus, instanceReportSchema } from "../../status.ts";
import type { AgentStatus, ClusterStatus, Driver, ExecOptions, ExecResult } from "../driver.ts";
import { DialAgent } from "./dial.ts";
import type { KubernetesPlace } from "./place.ts";
import { type ContainerPlace, followPod, tailPod } from "./pod-logs.ts";
import { podStatus } from "./pod-status.ts";
import { exitOf, runRemotely } from "./remote-command.ts";

const agentContainer = "agent";
/** A program is started there for the first call. */
const dialMs = 15_000;

const serverStatusSchema = z.object({
  agents: z.array(z.object({ key: z.string(), resource: z.string(), role: z.string(), name: z.string() })),
  instances: z.record(z.string(), instanceReportSchema),
});
type ServerStatus = z.infer<typeof serverStatusSchema>;

/**
 * Instances that are pods: what runs is asked of the control plane, how they are of the cluster's agent server.
 *
 * @throws SwarmError SW611 where the kubeconfig has no such context.
 */
export async function kubernetesDriver({ context, namespace, resource }: KubernetesPlace): Promise<Driver> {
  const client = await connect({ context });
  const core = client.config.makeApiClient(client.library.CoreV1Api);
  const agent = new DialAgent(client, async () => {
    const pod = await apiPod();
    if (pod !== undefined) return { namespace, pod };
    throw new SwarmError("SW704", `No pod of ${namespace} serves the agent API of ${resource} now.`);
  });
  const server = { name: `The agent server of ${resource}`, agent };
  const ask: Control["ask"] = (request, timeoutMs = answerMs) =>
    call(server, { ...request, timeoutMs: timeoutMs + dialMs }).catch(reasonOfSilence);

  async function pods(selector: string): Promise<V1Pod[]> {
    const labelSelector = `${labelKeys.cluster}=${resource},${selector}`;
    return (await calling(client, () => core.listNamespacedPod({ namespace, labelSelector }))).items;
  }

  async function apiPod(): Promise<string | undefined> {
    const found = await pods(`${labelKeys.part}=${agentApi.part}`);
    const running = found.find((pod) => podStatus(pod, agentApi.part).state === "running");
    return running?.metadata?.name;
  }

  return {
    ask,
    async status(signal) {
      const [found, api] = await Promise.all([pods(labelKeys.agent), apiPod()]);
      if (found.length === 0 && api === undefined) return undefined;
      const told = api === undefined ? undefined : await askServer(ask, signal);
      return {
        api: told === undefined ? undefined : `pod ${api}`,
        agents: agentsOf(found, told),
      } satisfies ClusterStatus;
    },
    tail: (instance, lines) => inPod(instance, () => tailPod(client, placeOf(instance), lines)),
    follow: (instance, options) => followPod(client, placeOf(instance), options),
    exec: (instance, command, options) => inPod(instance, () => execIn(client, placeOf(instance), command, options)),
    close: () => agent.destroy(),
  };

  function placeOf(pod: string) {
    return { namespace, pod, container: agentContainer };
  }

  async function inPod<Result>(instance: string, work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof ApiFailure) || error.status !== 404) throw error;
      throw new SwarmError("SW705", `There is no instance ${instance}.`, { cause: error, values: { instance } });
    }
  }
}

/** Pods live without the server; what it alone knows is missing then. */
async function askServer(ask: Control["ask"], signal: AbortSignal | undefined): Promise<ServerStatus | undefined> {
  try {
    return serverStatusSchema.parse(await ask({ method: "GET", path: "/v1/status", signal }));
  } catch (error) {
    if (error instanceof SwarmError && error.code === "SW704") return undefined;
    throw error;
  }
}

function agentsOf(pods: readonly V1Pod[], server: ServerStatus | undefined): AgentStatus[] {
  const byResource = Map.groupBy(pods, (pod) => pod.metadata?.labels?.[labelKeys.agent] ?? "");
  const agents = [...byResource].map(([resource, own]) => {
    const known = server?.agents.find((agent) => agent.resource === resource);
    const role = own[0]?.metadata?.labels?.[labelKeys.role] ?? "";
    const instances = own.map((pod) => instanceOf(podStatus(pod, agentContainer), server));
    return {
      ...(known === undefined
        ? { agent: resource, role, name: resource }
        : { agent: known.key, role, name: known.name }),
      running: instances.filter(({ state }) => state === "running").length,
      instances: instances.sort((a, b) => (a.id < b.id ? -1 : 1)),
    };
  });
  return agents.sort((a, b) => (a.agent < b.agent ? -1 : 1));
}

function instanceOf(pod: InstanceStatus, server: ServerStatus | undefined): InstanceStatus {
  const report = server?.instances[pod.id];
  const signs = { mustRegister: false, life: undefined, heartbeatIntervalMs: 0, cpu: undefined, order: report?.order };
  // What it said last is not how a pod is that does not run.
  const health = pod.state === "running" && report ? report.health : healthOf({ process: pod.state, ...signs });
  const { health: _, ...told } = report ?? {};
  return { ...told, ...pod, ...(health !== undefined && { health }) };
}

async function execIn(
  client: Client,
  place: ContainerPlace,
  command: readonly string[],
  { stdin, onStdout, onStderr, signal }: ExecOptions = {},
): Promise<ExecResult> {
  const { ended, drop } = await runRemotely(client, {
    ...{ ...place, command, stdout: writingTo(onStdout), stderr: writingTo(onStderr) },
    ...(stdin !== undefined && { stdin: Readable.from([Buffer.from(stdin)]) }),
  });
  signal?.addEventListener("abort", drop, { once: true });
  if (signal?.aborted) drop();
  const status = await ended;
  signal?.removeEventListener("abort", drop);
  if (signal?.aborted) throw new SwarmError("SW606", "The command was interrupted.");
  if (status === undefined) throw new SwarmError("SW704", "The control plane went away while the command ran.");
  const exit = exitOf(status);
  if (exit === undefined) throw new SwarmError("SW604", `${command[0]} cannot be started: ${status.message}`);
  return { exit, signal: null };
}

function writingTo(take: ((bytes: Uint8Array) => void) | undefined): Writable {
  return new Writable({
    write(bytes: Buffer, _encoding, done) {
      take?.(bytes);
      done();
    },
  });
}

/** Why nobody answers is known to whoever dialled. */
function reasonOfSilence(error: unknown): never {
  if (!(error instanceof SwarmError) || error.code !== "SW704") throw error;
  const { cause } = error;
  if (cause instanceof SwarmError) throw cause;
  const reason = cause instanceof Error && cause.message !== "" ? ` ${cause.message}` : "";
  throw new SwarmError("SW704", `${error.message}${reason}`, { cause, hints: error.hints, values: error.values });
}
