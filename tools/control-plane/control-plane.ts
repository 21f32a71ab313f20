import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { get } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { ApiextensionsV1Api, CoreV1Api, KubeConfig, type KubernetesObject } from "@kubernetes/client-node";
import { parseAllDocuments } from "yaml";
import { poll } from "../../src/platform/wait.ts";
import type { EngineProgress } from "../../src/stacks/engine/model.ts";
import { findGoProgram } from "../go-programs/find.ts";
import type { Unavailable } from "../services/service.ts";
import { type AuditedRequest, auditPolicy, readAudit } from "./audit.ts";
import { type CrdSource, crdsOf } from "./crds.ts";
import { freePort } from "./free-port.ts";
import { type Keeper, type Program, startKeeper } from "./keeper.ts";
import { type Credentials, type Server, writeKubeconfig } from "./kubeconfig.ts";
import { type NodePool, nodesOf } from "./node-pools.ts";
import { commandOf, type Part, type Place, parts } from "./parts.ts";
import { kwokRecipe, serverRecipe } from "./programs.ts";

const run = promisify(execFile);

export interface ControlPlaneOptions {
  readonly pools?: readonly NodePool[];
  /** Writes down each request to the API server; see `requests`. */
  readonly audit?: boolean;
  /** Of the programs, which are built where they are missing. */
  readonly onProgress?: (progress: EngineProgress) => void;
}

/** What reaches a control plane, from any process of this machine. */
export interface ControlPlaneClient {
  /** Holds everything that is its own: data, certificates, kubeconfigs, logs. */
  readonly folder: string;
  /** Such as "https://127.0.0.1:20443". */
  readonly url: string;
  /** Path of the kubeconfig of the administrator. */
  readonly kubeconfig: string;
  /** Path of a kubectl of the same version. */
  readonly kubectl: string;
  /** The client's configuration, of the administrator or of another kubeconfig. */
  client(kubeconfig?: string): KubeConfig;
  /** Writes a kubeconfig for a user of some groups, and returns its path. */
  kubeconfigOf(user: string, groups?: readonly string[]): Promise<string>;
  /** The same for a ServiceAccount that is there; its token lives an hour. */
  kubeconfigOfServiceAccount(namespace: string, name: string): Promise<string>;
  /** Applies objects one after another, by server-side apply, exactly as they are. */
  apply(objects: readonly KubernetesObject[]): Promise<void>;
  /** The same without effect: returns what the API server refuses, unknown fields too. */
  tryOut(objects: readonly KubernetesObject[]): Promise<readonly string[]>;
  /** Runs kubectl as the administrator, and returns what it writes; throws when it fails. */
  runKubectl(args: readonly string[], input?: string): Promise<string>;
  /** Adds the kinds of a project, such as Karpenter's, and waits until they are served. */
  applyCrds(source: CrdSource): Promise<void>;
  /** Adds nodes and waits until those that start at once are ready. */
  addNodes(pool: NodePool): Promise<void>;
  /** What the API server has answered so far, if it was started with `audit`. */
  requests(): readonly AuditedRequest[];
}

/** A Kubernetes control plane on the loopback interface, with nodes that kwok plays. It ends with this process. */
export interface ControlPlane extends ControlPlaneClient {
  /** What another process attaches to. */
  readonly connection: ControlPlaneConnection;
  /** Stops a part in its tracks (SIGSTOP). */
  pause(name: string): Promise<void>;
  resume(name: string): void;
  /** Kills a part and waits until it is gone. */
  kill(name: string): Promise<void>;
  /** Starts a part again, with its data, and waits until it serves. */
  restart(part: Part): Promise<void>;
  /** Runs one more program beside the parts: it ends with them, and can be paused and killed by its name. */
  start(name: string, program: Program): void;
  /** The last lines that a part wrote. */
  log(name: string): string;
  stop(): Promise<void>;
}

/** Plain data, such as a test runner hands to its workers. */
export type ControlPlaneConnection = Place;

const readyWithinMs = 120_000;
const outputBytes = 256 * 1024 ** 2;

export async function startControlPlane({
  pools = [],
  audit = false,
  onProgress,
}: ControlPlaneOptions = {}): Promise<ControlPlane | Unavailable> {
  const server = await findGoProgram(serverRecipe, onProgress);
  if (typeof server !== "string") return server;
  const kwok = await findGoProgram(kwokRecipe, onProgress);
  if (typeof kwok !== "string") return kwok;
  const folder = mkdtempSync(join(tmpdir(), "swarm-kubernetes-"));
  const place: Place = { folder, port: await freePort(), programs: { server, kwok }, audit };
  const keeper = startKeeper(folder);
  try {
    await prepare(place);
    const plane = controlPlane(place, keeper);
    await startParts(place, keeper, plane);
    await plane.apply(storageClasses());
    for (const pool of pools) await plane.addNodes(pool);
    return plane;
  } catch (error) {
    await keeper.close();
    throw error;
  }
}

export function isAvailable(plane: ControlPlane | Unavailable): plane is ControlPlane {
  return "kubeconfig" in plane;
}

/** Who the parts are to the API server; all but the administrator have the roles that Kubernetes has for them. */
const clients: Readonly<Record<string, readonly [user: string, ...groups: string[]]>> = {
  admin: ["admin", "system:masters"],
  "kube-controller-manager": ["system:kube-controller-manager"],
  "kube-scheduler": ["system:kube-scheduler"],
  kwok: ["kwok", "system:masters"],
};

async function prepare({ folder, programs, port }: Place): Promise<void> {
  for (const name of ["pki", "kubeconfig", "volumes", "bin"]) mkdirSync(join(folder, name));
  symlinkSync(programs.server, join(folder, "bin/kubectl"));
  await certify(folder, programs.server, {
    ...clients,
    "apiserver-kubelet-client": ["kube-apiserver-kubelet-client", "system:masters"],
  });
  for (const name of Object.keys(clients)) {
    writeKubeconfig(join(folder, "kubeconfig", name), serverOf(folder, port), certificateOf(folder, name));
  }
  writeFileSync(join(folder, "stages.yaml"), stages().replaceAll("FOLDER", join(folder, "volumes")));
  writeFileSync(join(folder, "audit-policy.yaml"), auditPolicy);
}

async function certify(
  folder: string,
  server: string,
  wanted: Readonly<Record<string, readonly string[]>>,
): Promise<void> {
  const names = Object.entries(wanted).map(([file, subject]) => `${file}=${subject.join(",")}`);
  await run(server, ["certificates", join(folder, "pki"), ...names]);
}

function certificateOf(folder: string, name: string): Credentials {
  return { certificate: join(folder, "pki", `${name}.crt`), key: join(folder, "pki", `${name}.key`) };
}

function serverOf(folder: string, port: number): Server {
  return { url: `https://127.0.0.1:${port}`, authority: join(folder, "pki/ca.crt") };
}

function stages(): string {
  return ["node", "pod", "volume"].map((name) => readFileSync(here(`stages/${name}.yaml`), "utf8")).join("---\n");
}

function storageClasses(): readonly KubernetesObject[] {
  return parseAllDocuments(readFileSync(here("storage-classes.yaml"), "utf8")).map((document) => document.toJS());
}

function here(file: string): string {
  return join(import.meta.dirname, file);
}

/** The API server waits for etcd by itself; the others need it to be there. */
async function startParts(place: Place, keeper: Keeper, plane: ControlPlane): Promise<void> {
  for (const part of parts) {
    keeper.start(part, { command: commandOf(part, place) });
    await waitUntilServes(part, place, keeper, plane);
  }
}

async function waitUntilServes(part: Part, place: Place, keeper: Keeper, plane: ControlPlane): Promise<void> {
  const serves = conditions[part];
  const answer = await poll(
    async () => {
      if (!keeper.runs(part)) return "ended";
      return (await serves(place, plane).catch(() => false)) ? "serves" : undefined;
    },
    { deadlineMs: readyWithinMs },
  );
  if (answer !== "serves") throw new Error(`${part} ${answer ?? "does not serve"}: ${keeper.log(part)}`);
}

const conditions: Readonly<Record<Part, (place: Place, plane: ControlPlane) => Promise<boolean>>> = {
  etcd: async () => true,
  "kube-apiserver": ({ folder, port }) => isReady(`https://127.0.0.1:${port}/readyz`, join(folder, "pki/ca.crt")),
  // Without its namespace's default account no pod is let in.
  "kube-controller-manager": async (_, plane) => {
    await plane
      .client()
      .makeApiClient(CoreV1Api)
      .readNamespacedServiceAccount({ name: "default", namespace: "default" });
    return true;
  },
  "kube-scheduler": async () => true,
  kwok: async () => true,
};

function isReady(url: string, authority: string): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get(url, { ca: readFileSync(authority), timeout: 2_000, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.once("error", () => resolve(false));
    request.once("timeout", () => request.destroy());
  });
}

/** A client of a control plane that another process of this machine has started. */
export function attachControlPlane({ folder, port, programs }: ControlPlaneConnection): ControlPlaneClient {
  const server = serverOf(folder, port);
  const kubeconfig = join(folder, "kubeconfig/admin");

  function client(path = kubeconfig): KubeConfig {
    const config = new KubeConfig();
    config.loadFromFile(path);
    return config;
  }

  const plane: ControlPlaneClient = {
    folder,
    url: server.url,
    kubeconfig,
    kubectl: join(folder, "bin/kubectl"),
    client,
    async kubeconfigOf(user, groups = []) {
      const name = `user-${user.replaceAll(/[^\w.-]/g, "-")}`;
      await certify(folder, programs.server, { [name]: [user, ...groups] });
      const path = join(folder, "kubeconfig", name);
      writeKubeconfig(path, server, certificateOf(folder, name));
      return path;
    },
    async kubeconfigOfServiceAccount(namespace, name) {
      const body = { spec: { audiences: [], expirationSeconds: 3600 } };
      const api = client().makeApiClient(CoreV1Api);
      const { status } = await api.createNamespacedServiceAccountToken({ name, namespace, body });
      if (status?.token === undefined) throw new Error(`no token for ${namespace}/${name}`);
      const path = join(folder, "kubeconfig", `${namespace}-${name}`);
      writeKubeconfig(path, server, { token: status.token });
      return path;
    },
    async apply(objects) {
      await plane.runKubectl(["apply", "--server-side", "--force-conflicts", "-f", "-"], listOf(objects));
    },
    async tryOut(objects) {
      const dryRun = ["apply", "--server-side", "--dry-run=server", "--validate=strict", "-f", "-"];
      const refusals = await plane.runKubectl(dryRun, listOf(objects)).then(
        () => "",
        (error: { readonly stderr?: string }) => error.stderr ?? String(error),
      );
      return refusals.split("\n").filter((line) => line !== "");
    },
    async runKubectl(args, input = "") {
      const running = run(plane.kubectl, [`--kubeconfig=${kubeconfig}`, ...args], { maxBuffer: outputBytes });
      running.child.stdin?.end(input);
      return (await running).stdout;
    },
    async applyCrds(source) {
      const definitions = await crdsOf(source);
      if ("unavailable" in definitions) throw new Error(definitions.unavailable);
      await plane.apply(definitions);
      const api = client().makeApiClient(ApiextensionsV1Api);
      for (const { metadata } of definitions) {
        const served = await poll(
          async () => {
            const { status } = await api.readCustomResourceDefinition({ name: metadata?.name ?? "" });
            return isTrue(status?.conditions, "Established") || undefined;
          },
          { deadlineMs: readyWithinMs },
        );
        if (served === undefined) throw new Error(`the kind ${metadata?.name} is not served`);
      }
    },
    async addNodes(pool) {
      const nodes = nodesOf(pool);
      const api = client().makeApiClient(CoreV1Api);
      for (const body of nodes) await api.createNode({ body });
      if ((pool.startUpMs ?? 0) > 0) return;
      const names = new Set(nodes.map(({ metadata }) => metadata?.name));
      const ready = await poll(
        async () => {
          const { items } = await api.listNode();
          const own = items.filter(({ metadata }) => names.has(metadata?.name));
          return own.filter(({ status }) => isTrue(status?.conditions, "Ready")).length === names.size || undefined;
        },
        { deadlineMs: readyWithinMs, intervalMs: 100 },
      );
      if (ready === undefined) throw new Error(`the nodes of ${pool.name} are not ready`);
    },
    requests: () => readAudit(folder),
  };
  return plane;
}

function controlPlane(place: Place, keeper: Keeper): ControlPlane {
  const plane: ControlPlane = {
    ...attachControlPlane(place),
    connection: place,
    async pause(name) {
      signal(name, "SIGSTOP");
      const stands = await poll(() => keeper.stands(name) || undefined, { deadlineMs: readyWithinMs, intervalMs: 5 });
      if (stands === undefined) throw new Error(`${name} does not stand still`);
    },
    resume: (name) => signal(name, "SIGCONT"),
    async kill(name) {
      signal(name, "SIGKILL");
      await keeper.ended(name);
    },
    async restart(part) {
      if (keeper.runs(part)) await plane.kill(part);
      keeper.start(part, { command: commandOf(part, place) });
      await waitUntilServes(part, place, keeper, plane);
    },
    start: (name, program) => keeper.start(name, program),
    log: (name) => keeper.log(name),
    stop: () => keeper.close(),
  };
  return plane;

  function signal(name: string, kind: NodeJS.Signals): void {
    if (!keeper.signal(name, kind)) throw new Error(`${name} does not run`);
  }
}

/** The client's own types leave out what they do not know; kubectl does not. */
function listOf(items: readonly KubernetesObject[]): string {
  return JSON.stringify({ apiVersion: "v1", kind: "List", items });
}

function isTrue(conditions: readonly { type: string; status: string }[] | undefined, type: string): boolean {
  return conditions?.some((condition) => condition.type === type && condition.status === "True") ?? false;
}
