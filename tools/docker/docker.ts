import { execFile } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import Dockerode from "dockerode";
import { poll } from "../../src/platform/wait.ts";
import { type Keeper, startKeeper } from "../control-plane/keeper.ts";
import { findProgram } from "../services/program.ts";
import type { Unavailable } from "../services/service.ts";
import { controlGroup, type Machine, machineFolder, machineObstacle, startMachine } from "./machine.ts";

const run = promisify(execFile);
const readyWithinMs = 60_000;

export interface DockerOptions {
  /** Starts a registry beside it, one that anybody may use, or only who has its login. */
  readonly registry?: boolean | "with login";
  /** Keeps its data on a disk of this size, so that it can be filled. */
  readonly diskMegabytes?: number;
}

/** What reaches a dockerd, from any process of this machine. */
export interface DockerClient {
  /** Holds everything that is its own: socket, data, logs. */
  readonly folder: string;
  /** As DOCKER_HOST has it, such as "unix:///tmp/swarm-docker-x/docker.sock". */
  readonly url: string;
  readonly client: Dockerode;
  /** The registry's address for this dockerd, such as "127.0.0.1:5000"; nothing listens unless it was asked for. */
  readonly registry: string;
  /** Words before a command line that is to run where the published ports and the containers' addresses are. */
  readonly onNetwork: readonly string[];
}

/** Plain data, such as a test runner hands to its workers. */
export type DockerConnection = Pick<DockerClient, "folder" | "onNetwork">;

/**
 * A dockerd of our own, on networks of its own, reached through a unix socket. It ends with this process, and its containers
 * with it. Containers have networks, internal ones too, names in them, and published ports; the outside they do not reach.
 */
export interface Docker extends DockerClient {
  /** Kills the daemon with -9; its containers go on until it is started again. */
  kill(): Promise<void>;
  /** Ends the daemon and its containers in good order if it runs, and starts it; those with a restart policy come back. */
  restart(): Promise<void>;
  /** The last lines that it wrote. */
  log(): string;
  stop(): Promise<void>;
}

/** A client of a dockerd that another process of this machine has started. */
export function attachDocker({ folder, onNetwork }: DockerConnection): DockerClient {
  const socketPath = socketIn(folder);
  return {
    folder,
    onNetwork,
    url: `unix://${socketPath}`,
    client: new Dockerode({ socketPath }),
    registry: registryAddress,
  };
}

function socketIn(folder: string): string {
  return join(folder, "docker.sock");
}

export async function startDocker(options: DockerOptions = {}): Promise<Docker | Unavailable> {
  const obstacle = await machineObstacle();
  if (obstacle !== undefined) return { unavailable: obstacle };
  const programs = await findPrograms(options);
  if ("unavailable" in programs) return programs;
  const folder = machineFolder();
  const data = join(folder, "data");
  mkdirSync(data);
  const keeper = startKeeper(folder);
  try {
    const disk = options.diskMegabytes === undefined ? undefined : { folder: data, megabytes: options.diskMegabytes };
    const machine = await startMachine({ folder, keeper, disk, ...programs });
    const docker = dockerOn(machine, keeper, { folder, data, dockerd: programs.dockerd });
    await docker.restart();
    if (programs.registry !== undefined) {
      const login = options.registry === "with login" ? registryLogin : undefined;
      await startRegistry(machine, keeper, { folder, busybox: programs.busybox, program: programs.registry, login });
    }
    return docker;
  } catch (error) {
    await keeper.close();
    throw error;
  }
}

export function isDocker(docker: Docker | Unavailable): docker is Docker {
  return "client" in docker;
}

interface Programs {
  readonly dockerd: string;
  readonly init: string;
  readonly busybox: string;
  readonly registry: string | undefined;
}

async function findPrograms({ registry: asked = false }: DockerOptions): Promise<Programs | Unavailable> {
  const dockerd = await findProgram("dockerd", "docker.io");
  const init = await findProgram("docker-init", "docker.io");
  const busybox = await findProgram("busybox", "busybox-static");
  const wanted = asked !== false;
  const registry = wanted ? await findProgram("docker-registry", "docker-registry") : undefined;
  if (dockerd === undefined || init === undefined) {
    return { unavailable: "no dockerd here (Debian: apt-get install docker.io)" };
  }
  if (busybox === undefined) return { unavailable: "no busybox here (Debian: apt-get install busybox-static)" };
  if (wanted && registry === undefined) {
    return { unavailable: "no docker-registry here (Debian: apt-get install docker-registry)" };
  }
  return { dockerd, init, busybox, registry };
}

interface DaemonPlace {
  readonly folder: string;
  readonly data: string;
  readonly dockerd: string;
}

const registryAddress = "127.0.0.1:5000";

function dockerOn(machine: Machine, keeper: Keeper, { folder, data, dockerd }: DaemonPlace): Docker {
  const name = "dockerd";
  const attached = attachDocker({ folder, onNetwork: machine.onNetwork });
  const { url, client } = attached;
  const pidfile = join(folder, "docker.pid");
  // The storage driver is the one that it finds best: overlay2 where the disk allows it, vfs elsewhere.
  const settings = {
    host: url,
    pidfile,
    "data-root": data,
    "exec-root": join(folder, "exec"),
    "cgroup-parent": controlGroup(folder),
    "exec-opt": "native.cgroupdriver=cgroupfs",
  };
  const flags = Object.entries(settings).map(([flag, value]) => `--${flag}=${value}`);

  return {
    ...attached,
    kill: () => end("KILL"),
    async restart() {
      if (keeper.runs(name)) await end("TERM");
      // A killed one leaves it behind, and its number may be another process's by now.
      rmSync(pidfile, { force: true });
      keeper.start(name, { command: [...machine.inside, dockerd, ...flags] });
      const answers = await poll(
        async () => !keeper.runs(name) || (await client.ping().then(Boolean, () => undefined)),
        { deadlineMs: readyWithinMs },
      );
      if (answers === undefined || !keeper.runs(name)) throw new Error(`dockerd does not answer: ${keeper.log(name)}`);
    },
    log: () => keeper.log(name),
    async stop() {
      await machine.end();
      await keeper.close();
    },
  };

  async function end(signal: "KILL" | "TERM"): Promise<void> {
    const [enter = "", ...words] = machine.inside;
    await run(enter, [...words, "sh", "-c", `kill -${signal} "$(cat ${pidfile})"`]);
    await keeper.ended(name);
  }
}

interface RegistryPlace {
  readonly folder: string;
  readonly busybox: string;
  readonly program: string;
  readonly login: typeof registryLogin | undefined;
}

/** Who may use the registry that has a login. */
export const registryLogin = {
  username: "reader",
  password: "of-the-registry",
  /** The password by bcrypt. */
  hash: "$2y$05$abcdefghijklmnopqrstuuuAKnz7CAEWp9AUyodnTmSQNojTp07Ge",
} as const;

async function startRegistry(machine: Machine, keeper: Keeper, { folder, busybox, program, login }: RegistryPlace) {
  const name = "registry";
  const config = join(folder, "registry.json");
  const storage = { filesystem: { rootdirectory: join(folder, "registry") }, delete: { enabled: true } };
  const users = join(folder, "registry.users");
  if (login !== undefined) writeFileSync(users, `${login.username}:${login.hash}\n`);
  const auth = login === undefined ? {} : { auth: { htpasswd: { realm: "registry", path: users } } };
  // JSON is YAML.
  writeFileSync(config, JSON.stringify({ version: 0.1, storage, http: { addr: registryAddress }, ...auth }));
  keeper.start(name, { command: [...machine.inside, program, "serve", config] });
  const [enter = "", ...words] = machine.onNetwork;
  const basic = Buffer.from(`${login?.username}:${login?.password}`).toString("base64");
  const header = login === undefined ? [] : ["--header", `Authorization: Basic ${basic}`];
  const answers = await poll(
    () =>
      run(enter, [...words, busybox, "wget", "-q", ...header, "-O", "/dev/null", `http://${registryAddress}/v2/`]).then(
        () => true,
        () => (keeper.runs(name) ? undefined : false),
      ),
    { deadlineMs: readyWithinMs },
  );
  if (answers !== true) throw new Error(`the registry does not answer: ${keeper.log(name)}`);
}
