import { Readable } from "node:stream";
import type Docker from "dockerode";
import type { DockerAddress } from "../../docker-host/address.ts";
import { callingDocker, connectDocker, DockerFailure } from "../../docker-host/connect.ts";
import { listContainers } from "../../docker-host/containers.ts";
import { SwarmError } from "../../errors.ts";
import { agentApi, labelKeys } from "../../names.ts";
import type { AttachOptions } from "../attach.ts";
import { dialCommand } from "../dial.ts";
import type { Driver, ExecOptions, ExecResult, FollowOptions, MeasuredUsage } from "../driver.ts";
import { agentsOf, type FoundInstance } from "../found-instances.ts";
import { remoteServer } from "../remote-server.ts";
import { attached, endOf } from "../running-command.ts";
import { writingTo } from "../writing-to.ts";
import { followContainer, tailContainer } from "./container-logs.ts";
import { containerStatus } from "./container-status.ts";
import { containerUsage } from "./container-usage.ts";
import { copyFromVolume } from "./copy-from-volume.ts";
import { runRemotely } from "./remote-command.ts";

/** Location of a cluster on a docker host. */
interface DockerLocation {
  readonly address: DockerAddress;
  /** Prefix of the names of its resources, and value of the label of its containers. */
  readonly resource: string;
}

/**
 * A driver for instances in containers: their status comes from the docker daemon, their health from the cluster's
 * agent server.
 */
export async function dockerDriver({ address, resource }: DockerLocation): Promise<Driver> {
  const docker = await connectDocker(address);
  const calling = <Result>(call: () => Promise<Result>) => callingDocker(address, call);
  const server = remoteServer(resource, async (streams) => {
    const [api] = await find(`${labelKeys.part}=${agentApi.part}`, "running");
    if (api === undefined) throw new SwarmError("SW704", `no container serves the agent API of ${resource} now`);
    return calling(() => runRemotely(docker.getContainer(api.Id), { command: dialCommand, ...streams }));
  });

  function find(label: string, status?: "running"): Promise<Docker.ContainerInfo[]> {
    return calling(() => listContainers(docker, resource, { label, ...(status && { status }) }));
  }

  async function containerOf(instance: string): Promise<Docker.Container> {
    const [found] = await find(`${labelKeys.instance}=${instance}`);
    if (found !== undefined) return docker.getContainer(found.Id);
    throw new SwarmError("SW705", `instance ${instance} does not exist`, { values: { instance } });
  }

  return {
    ask: server.ask,
    async status(signal) {
      const found = await find(labelKeys.instance);
      const [api] = await find(`${labelKeys.part}=${agentApi.part}`, "running");
      if (found.length === 0 && api === undefined) return undefined;
      const [instances, told] = await Promise.all([
        Promise.all(found.map(({ Id }) => inspect(docker.getContainer(Id)))),
        api && server.status(signal),
      ]);
      return {
        api: told === undefined ? undefined : `container ${api?.Names[0]?.slice(1)}`,
        agents: agentsOf(
          instances.flatMap((instance) => instance ?? []),
          told,
        ),
      };
    },
    tail: async (instance, lines, options) => {
      const container = await containerOf(instance);
      return calling(() => tailContainer(container, lines, options));
    },
    follow: (instance, options) => follow(instance, options),
    exec: async (instance, command, options) => {
      const container = await containerOf(instance);
      return calling(() => execIn(container, command, options));
    },
    attach: async (instance, command, options) => {
      const container = await containerOf(instance);
      return calling(() => attachIn(container, command, options));
    },
    async usage() {
      const found = await find(labelKeys.instance, "running");
      const measured = await Promise.all(found.map(({ Id }) => measure(docker.getContainer(Id))));
      return new Map(found.map(({ Labels }, index) => [Labels[labelKeys.instance] ?? "", measured[index] ?? {}]));
    },
    restart: async (instance) => {
      const container = await containerOf(instance);
      // Without a time-out the container's own applies.
      await calling(() => container.restart());
    },
    copyCheckpoints: (folder) => calling(() => copyFromVolume(docker, resource, folder)),
    close: () => server.close(),
  };

  async function* follow(instance: string, options: FollowOptions): AsyncGenerator<string, void, undefined> {
    yield* followContainer(await containerOf(instance), options);
  }

  /** Takes about a second: for the CPU the daemon takes two samples. */
  async function measure(container: Docker.Container): Promise<MeasuredUsage> {
    try {
      return containerUsage(await calling(() => container.stats({ stream: false })));
    } catch (error) {
      if (error instanceof DockerFailure && (error.status === 404 || error.status === 409)) return {};
      throw error;
    }
  }

  /** Undefined if it was removed in the meantime. */
  async function inspect(container: Docker.Container): Promise<FoundInstance | undefined> {
    try {
      const found = await calling(() => container.inspect());
      const { [labelKeys.agent]: agent = "", [labelKeys.role]: role = "" } = found.Config.Labels;
      return { resource: agent, role, status: containerStatus(found) };
    } catch (error) {
      if (error instanceof DockerFailure && error.status === 404) return undefined;
      throw error;
    }
  }
}

/** Output of runc in place of a program that does not exist. */
const notStarted = /^OCI runtime exec failed: (?<reason>.*)/;

async function execIn(
  container: Docker.Container,
  command: readonly string[],
  { stdin, onStdout, onStderr, signal }: ExecOptions = {},
): Promise<ExecResult> {
  let first = "";
  const stdout = writingTo((bytes) => {
    if (first === "") first = Buffer.from(bytes).toString();
    if (!notStarted.test(first)) onStdout?.(bytes);
  });
  const running = await runRemotely(container, {
    ...{ command, stdout, stderr: writingTo(onStderr) },
    ...(stdin !== undefined && { stdin: Readable.from([Buffer.from(stdin)]) }),
  }).catch(notRunning);
  const exit = await endOf(running, "the docker daemon", signal);
  const reason = exit === 126 ? notStarted.exec(first)?.groups?.reason : undefined;
  if (reason !== undefined) throw new SwarmError("SW604", `${command[0]} cannot be started: ${reason.trim()}`);
  return { exit, signal: null };
}

async function attachIn(
  container: Docker.Container,
  command: readonly string[],
  options: AttachOptions,
): Promise<ExecResult> {
  const exit = await attached(options, "the docker daemon", (streams) =>
    runRemotely(container, { command, ...streams }).catch(notRunning),
  );
  return { exit, signal: null };
}

function notRunning(error: unknown): never {
  if (error instanceof Error && "statusCode" in error && error.statusCode === 409)
    throw new SwarmError("SW604", "the command cannot be started: its instance is not running", { cause: error });
  throw error;
}
