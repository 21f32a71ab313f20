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

/** A node as the scheduler sees it; without a capacity it has 64 CPUs, 256Gi and room for 250 pods. */
export interface ProcessNodeShape {
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly taints?: readonly { readonly key: string; readonly value?: string; readonly effect: string }[];
  readonly capacity?: Readonly<Record<string, string>>;
}

export interface ProcessNodeOptions {
  readonly nodes: readonly ProcessNodeShape[];
  /** Beside those that are always there; see images.ts. */
  readonly images?: Readonly<Record<string, ProcessImage>>;
  /** Longest wait before a container that ended is started again, such as "1s"; a kubelet's is "300s". */
  readonly maxContainerRestartPeriod?: string;
  readonly onProgress?: (progress: EngineProgress) => void;
}

/** Nodes whose pods are processes of this machine. They end with their control plane. */
export interface ProcessNode {
  /** Holds pods and what they have written; claims are the control plane's. */
  readonly folder: string;
  /** Kills it with -9, as when a machine loses its power. */
  kill(): Promise<void>;
  /** Starts it after a kill: its pods are started again. */
  restart(): Promise<void>;
  /** The last lines that it wrote. */
  log(): string;
}

const name = "process-node";
const readyWithinMs = 60_000;

/** Adds nodes to a control plane that run pods as processes, in namespaces of their own; needs Linux and root. */
export async function startProcessNode(
  plane: ControlPlane,
  { nodes, images = {}, maxContainerRestartPeriod = "300s", onProgress }: ProcessNodeOptions,
): Promise<ProcessNode | Unavailable> {
  if (process.platform !== "linux" || process.getuid?.() !== 0) {
    return { unavailable: "pods as processes have mounts and networks of their own, which needs Linux and root" };
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
