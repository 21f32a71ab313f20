import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CoreV1Api } from "@kubernetes/client-node";
import { poll } from "../../src/platform/wait.ts";
import type { EngineProgress } from "../../src/stacks/engine/model.ts";
import type { ControlPlane } from "../control-plane/control-plane.ts";
import { findGoProgram } from "../go-programs/find.ts";
import type { Unavailable } from "../services/service.ts";
import { type ProcessImage, processImages } from "./images.ts";
import { processNodeRecipe } from "./program.ts";

/** A node as the scheduler sees it; the default capacity is 64 CPUs, 256Gi and 250 pods. */
export interface ProcessNodeShape {
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly taints?: readonly { readonly key: string; readonly value?: string; readonly effect: string }[];
  readonly capacity?: Readonly<Record<string, string>>;
}

export interface ProcessNodeOptions {
  readonly nodes: readonly ProcessNodeShape[];
  /** Images besides the default ones; see images.ts. */
  readonly images?: Readonly<Record<string, ProcessImage>>;
  /** Maximum back-off of a container's restart, such as "1s"; a kubelet's is "300s". */
  readonly maxContainerRestartPeriod?: string;
  readonly onProgress?: (progress: EngineProgress) => void;
}

/** Nodes whose pods are processes of this machine. They end with their control plane. */
export interface ProcessNode {
  /** Contains pods and their files; PersistentVolumeClaims belong to the control plane. */
  readonly folder: string;
  /** Kills the node with SIGKILL, like a power failure. */
  kill(): Promise<void>;
  /** Starts the node after a kill: its pods restart. */
  restart(): Promise<void>;
  /** The last lines of its log. */
  log(): string;
}

const name = "process-node";
const readyWithinMs = 60_000;

/** Adds nodes to a control plane that run pods as processes, in separate namespaces; needs Linux and root. */
export async function startProcessNode(
  plane: ControlPlane,
  { nodes, images = {}, maxContainerRestartPeriod = "300s", onProgress }: ProcessNodeOptions,
): Promise<ProcessNode | Unavailable> {
  if (process.platform !== "linux" || process.getuid?.() !== 0) {
    return { unavailable: "pods as processes need mount and network namespaces, hence Linux and root" };
  }
  const program = await findGoProgram(processNodeRecipe, onProgress);
  if (typeof program !== "string") return program;
  const folder = join(plane.folder, name);
  mkdirSync(folder, { recursive: true });
  const config = join(folder, "config.json");
  writeFileSync(
    config,
    JSON.stringify({
      kubeconfig: plane.kubeconfig,
      folder,
      clientCA: join(plane.folder, "pki/ca.crt"),
      nodes,
      images: { ...processImages, ...images },
      maxContainerRestartPeriod,
    }),
  );
  const node: ProcessNode = {
    folder,
    kill: () => plane.kill(name),
    restart: start,
    log: () => plane.log(name),
  };
  await start();
  return node;

  async function start(): Promise<void> {
    const ready = join(folder, "ready");
    writeFileSync(ready, "");
    plane.start(name, { command: [program as string, config, ready] });
    const names = nodes.map((one) => one.name);
    const up = await poll(async () => (readFileSync(ready, "utf8") !== "" && (await areReady(names))) || undefined, {
      deadlineMs: readyWithinMs,
    });
    if (up === undefined) throw new Error(`the process node is not ready: ${node.log()}`);
  }

  async function areReady(names: readonly string[]): Promise<boolean> {
    const { items } = await plane.client().makeApiClient(CoreV1Api).listNode();
    const ready = items.filter(({ status }) =>
      status?.conditions?.some(({ type, status: is }) => type === "Ready" && is === "True"),
    );
    return names.every((wanted) => ready.some(({ metadata }) => metadata?.name === wanted));
  }
}

export function isProcessNode(node: ProcessNode | Unavailable): node is ProcessNode {
  return "folder" in node;
}
