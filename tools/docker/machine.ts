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
 * Namespaces of networks, mounts and processes that a dockerd has for itself: its bridges and firewall rules are not this
 * machine's, several run side by side, and all that it has started ends with it.
 */
export interface Machine {
  /** Words before a command that is to run in it. */
  readonly inside: readonly string[];
  /** Words before a command that is to run outside of it, but on its network. */
  readonly onNetwork: readonly string[];
  /** Ends every process in it, and waits until they are gone. */
  end(): Promise<void>;
}

export interface MachineOptions {
  readonly folder: string;
  readonly keeper: Keeper;
  readonly busybox: string;
  readonly init: string;
  /** Folder that is a disk of this size of its own; it goes with the machine. */
  readonly disk: { readonly folder: string; readonly megabytes: number } | undefined;
}

/** Why there can be no such machine here; undefined where there can. */
export async function machineObstacle(): Promise<string | undefined> {
  if (process.platform !== "linux" || process.getuid?.() !== 0) {
    return "a dockerd of our own needs Linux and root";
  }
  try {
    await run("unshare", [...namespaces, "--fork", "true"]);
    return undefined;
  } catch (error) {
    return `a dockerd of our own needs namespaces: ${error instanceof Error ? error.message.trim() : error}`;
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
      // The death of its first process is that of all of them, and it is not over before they are gone.
      const [first] = readFileSync(`/proc/${outer}/task/${outer}/children`, "utf8").trim().split(" ").map(Number);
      if (first) process.kill(first, "SIGKILL");
      await keeper.ended(name);
      removeControlGroups((group) => group === basename(folder));
    },
  };
}

const prefix = "swarm-docker-";

/** An empty folder for a dockerd, of whose name its control group is too. */
export function machineFolder(): string {
  removeControlGroups((group) => !existsSync(join(tmpdir(), group)));
  const folder = mkdtempSync(join(tmpdir(), prefix));
  weighControlGroup(controlGroup(folder));
  return folder;
}

/** Of a processor, in the unit of cgroups(7), version 1: a process that is in no group has 1024. */
const shares = 16 * 1024;

/** All containers together would have as much of a busy machine as one of its processes otherwise. */
function weighControlGroup(group: string): void {
  const hierarchy = join("/sys/fs/cgroup", "cpu");
  if (!existsSync(hierarchy)) return;
  mkdirSync(join(hierarchy, group), { recursive: true });
  writeFileSync(join(hierarchy, group, "cpu.shares"), String(shares));
}

/** The control group that the containers of a dockerd are in. */
export function controlGroup(folder: string): string {
  return `/${basename(folder)}`;
}

/**
 * Those of killed containers stay behind, in each hierarchy that there is (cgroups(7)). The folder of a dockerd is there as long as it
 * lives, so a group without its folder belongs to no live one; used groups cannot be removed.
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
    // It has processes.
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
