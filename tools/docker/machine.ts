import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { poll } from "../../src/platform/wait.ts";
import type { Keeper } from "../control-plane/keeper.ts";

const run = promisify(execFile);
const name = "machine";
const namespaces = ["--net", "--mount", "--pid"];
const readyWithinMs = 20_000;

/**
 * Network, mount and process namespaces of one dockerd: its bridges and firewall rules are separate from this
 * machine's, several run in parallel, and all its processes end with it.
 */
export interface Machine {
  /** Prefix of a command that runs inside. */
  readonly inside: readonly string[];
  /** Prefix of a command that runs outside, but in its network. */
  readonly onNetwork: readonly string[];
  /** Kills all processes inside, and waits for their end. */
  end(): Promise<void>;
}

export interface MachineOptions {
  readonly folder: string;
  readonly keeper: Keeper;
  readonly busybox: string;
  readonly init: string;
  /** Mount point of a disk of this size; removed with the machine. */
  readonly disk: { readonly folder: string; readonly megabytes: number } | undefined;
}

/** Why this host cannot create such a machine; undefined if it can. */
export async function machineObstacle(): Promise<string | undefined> {
  if (process.platform !== "linux" || process.getuid?.() !== 0) {
    return "a private dockerd needs Linux and root";
  }
  try {
    await run("unshare", [...namespaces, "--fork", "true"]);
    return undefined;
  } catch (error) {
    return `a private dockerd needs namespaces: ${error instanceof Error ? error.message.trim() : error}`;
  }
}

export async function startMachine(options: MachineOptions): Promise<Machine> {
  const { folder, keeper, busybox, init, disk } = options;
  const mountDisk =
    disk === undefined ? [] : [`${busybox} mount -t tmpfs -o size=${disk.megabytes}m tmpfs ${disk.folder}`];
  const script = [`${busybox} ip link set lo up`, ...mountDisk, "echo up", `exec ${busybox} sleep 2147483647`];
  const unshare = ["unshare", ...namespaces, "--fork", "--kill-child", "--mount-proc"];
  keeper.start(name, { command: [...unshare, init, "--", "sh", "-c", script.join(" && ")] });
  const up = await poll(() => keeper.log(name).includes("up") || !keeper.runs(name) || undefined, {
    deadlineMs: readyWithinMs,
  });
  if (up === undefined || !keeper.runs(name)) throw new Error(`no namespaces: ${keeper.log(name)}`);

  const outer = Number(readFileSync(join(folder, "pid", name), "utf8"));
  const namespace = (kind: string) => `/proc/${outer}/ns/${kind}`;
  return {
    inside: [
      "nsenter",
      `--net=${namespace("net")}`,
      `--mount=${namespace("mnt")}`,
      `--pid=${namespace("pid_for_children")}`,
    ],
    onNetwork: ["nsenter", `--net=${namespace("net")}`],
    async end() {
      // All processes die with the first one of the namespace, before its own end.
      const [first] = readFileSync(`/proc/${outer}/task/${outer}/children`, "utf8").trim().split(" ").map(Number);
      if (first) process.kill(first, "SIGKILL");
      await keeper.ended(name);
      removeControlGroups((group) => group === basename(folder));
    },
  };
}

const prefix = "swarm-docker-";

/** An empty folder for a dockerd; its name is also that of its control group. */
export function machineFolder(): string {
  removeControlGroups((group) => !existsSync(join(tmpdir(), group)));
  const folder = mkdtempSync(join(tmpdir(), prefix));
  weighControlGroup(controlGroup(folder));
  return folder;
}

/** CPU weight in the unit of cgroups(7), version 1: a process outside any group has 1024. */
const shares = 16 * 1024;

/** Raises the CPU weight of all containers together, which otherwise is that of a single process. */
function weighControlGroup(group: string): void {
  const hierarchy = join("/sys/fs/cgroup", "cpu");
  if (!existsSync(hierarchy)) return;
  mkdirSync(join(hierarchy, group), { recursive: true });
  writeFileSync(join(hierarchy, group, "cpu.shares"), String(shares));
}

/** The control group of a dockerd's containers. */
export function controlGroup(folder: string): string {
  return `/${basename(folder)}`;
}

/**
 * Removes control groups of killed containers from each hierarchy (cgroups(7)). The folder of a dockerd exists while
 * it is running, so a group without a folder is a leftover; groups in use cannot be removed.
 */
function removeControlGroups(isLeft: (group: string) => boolean): void {
  const root = "/sys/fs/cgroup";
  for (const hierarchy of [root, ...foldersIn(root)]) {
    for (const group of foldersIn(hierarchy)) {
      if (basename(group).startsWith(prefix) && isLeft(basename(group))) removeEmpty(group);
    }
  }
}

function removeEmpty(folder: string): void {
  for (const inner of foldersIn(folder)) removeEmpty(inner);
  try {
    rmdirSync(folder);
  } catch {
    // The group is in use.
  }
}

function foldersIn(folder: string): string[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map((entry) => join(folder, entry.name));
  } catch {
    return [];
  }
}
