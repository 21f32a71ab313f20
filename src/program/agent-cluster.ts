import { readFile } from "node:fs/promises";
import { dirname, isAbsolute, join, relative } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { BlueprintDocument } from "../blueprint/document.ts";
import { type BlueprintSource, checkDocument, checkSource, type ParsedSource, readSource } from "../blueprint/load.ts";
import type { Blueprint, TargetKind } from "../blueprint/model.ts";
import { renderLine } from "../blueprint/render/text.ts";
import { type ClusterOutputs, createCluster } from "../components/create-cluster.ts";
import { tokens } from "../components/resources.ts";
import type { Transforms } from "../components/transforms.ts";
import { SwarmError } from "../errors.ts";
import type { AgentReplicas } from "../plan/allocate.ts";
import { findProjectFile, projectName, requirePlugin } from "./plugin-entry.ts";
import { prepareCluster } from "./prepare-cluster.ts";
import { projectRoot } from "./project-root.ts";
import { requireInputs } from "./require-inputs.ts";

/** Arguments of an AgentCluster. Plain values, no Outputs: the cluster is compiled while the program runs. */
export interface AgentClusterArgs {
  /** Path of a blueprint, relative to the Pulumi.yaml, or the blueprint itself. */
  readonly blueprint: string | BlueprintDocument;
  /** Where the cluster runs; default: the blueprint's own target. */
  readonly target?: TargetKind | undefined;
  /**
   * Number of instances of the whole cluster. Applied when the value changes, not on each update, so counts changed
   * elsewhere stay. Default: the smallest allowed size, for a new cluster.
   */
  readonly targetWorkers?: number | undefined;
  /** Name of the cluster; default: `<name>-<stack>`, so that stacks do not collide. */
  readonly cluster?: string | undefined;
  /** Context of the kubeconfig or of docker; default: the blueprint's, else the current one. */
  readonly context?: string | undefined;
  /** Changes the arguments of children before they are created. */
  readonly transform?: Transforms | undefined;
}

/** Symbol key: keeps functions and absolute paths out of the component's inputs, which the engine records. */
const given = Symbol("args");

interface ComponentInputs extends pulumi.Inputs {
  readonly [given]: AgentClusterArgs;
}

/**
 * A cluster of agents in a Pulumi program.
 *
 * @example new AgentCluster("team", { blueprint: "./team.yaml", target: "kubernetes" })
 */
export class AgentCluster extends pulumi.ComponentResource<ClusterOutputs> {
  /** Name of the cluster. */
  declare readonly cluster: pulumi.Output<string>;
  /** Desired number of instances, by agent. */
  declare readonly counts: pulumi.Output<AgentReplicas>;
  /** URL of the agent API inside the Kubernetes cluster; undefined on other targets. */
  declare readonly endpoint: pulumi.Output<string | undefined>;
  /** Namespace of the agents; undefined on targets without namespaces. */
  declare readonly namespace: pulumi.Output<string | undefined>;

  constructor(name: string, args: AgentClusterArgs, options?: pulumi.ComponentResourceOptions) {
    const inputs: ComponentInputs = { ...recorded(name, args), [given]: args };
    super(tokens.cluster, name, inputs, options);
    const outputs = pulumi.output(this.getData());
    this.cluster = pulumi.output(clusterOf(name, args));
    this.counts = outputs.counts;
    this.endpoint = outputs.apply(({ endpoint }) => endpoint);
    this.namespace = outputs.apply(({ namespace }) => namespace);
  }

  /** Compiles the blueprint, looks up what its target has, and creates the children. */
  protected override async initialize(
    inputs: ComponentInputs,
    _options: pulumi.ComponentResourceOptions | undefined,
    name: string,
  ): Promise<ClusterOutputs> {
    // Keeps an inline program alive during the file reads and requests below.
    const done = pulumi.runtime.rpcKeepAlive();
    try {
      const outputs = await create(this, name, inputs[given]);
      this.registerOutputs({ cluster: clusterOf(name, inputs[given]), ...outputs });
      return outputs;
    } catch (error) {
      // RunError: the engine shows the message alone, without a stack.
      if (error instanceof SwarmError) throw new pulumi.RunError(textOf(name, error));
      throw error;
    } finally {
      done();
    }
  }
}

// A function, as private methods do not exist yet while the base class's constructor runs.
async function create(component: AgentCluster, name: string, args: AgentClusterArgs): Promise<ClusterOutputs> {
  const cluster = clusterOf(name, args);
  refuseName(cluster);
  await checkProject();
  const { target: kind, targetWorkers, transform } = args;
  const { blueprint, folder, source, warnings } = await load(name, args);
  for (const one of warnings) {
    await pulumi.log.warn(renderLine(source?.file ?? `blueprint of ${name}`, one), component);
  }
  await tellUnused(component, blueprint);
  const context = args.context ?? blueprint.cluster.target.context;
  const warn = (text: string) => pulumi.log.warn(text);
  const look = { cluster, target: kind, context, dockerContext: context, source, warn };
  const prepared = await prepareCluster(blueprint, look);
  requireInputs(prepared.plan, { folder, source }, process.env);
  return createCluster(component, { ...prepared, folder, transform }, { embedded: true, targetWorkers });
}

/** The inputs that a preview compares. */
function recorded(name: string, { blueprint, target, targetWorkers, cluster, context }: AgentClusterArgs) {
  // A relative path, so that another checkout is no change.
  const file = typeof blueprint === "string" && isAbsolute(blueprint) ? relative(projectRoot(), blueprint) : blueprint;
  return { blueprint: file, target, targetWorkers, context, cluster: clusterOf(name, { cluster }) };
}

function clusterOf(name: string, { cluster }: Pick<AgentClusterArgs, "cluster">): string {
  return cluster ?? `${name}-${pulumi.getStack()}`;
}

/** Rejects a name that cannot be part of folder and resource names. */
function refuseName(cluster: string): void {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(cluster)) return;
  throw new SwarmError(
    "SW608",
    `"${cluster}" is not a valid name of a cluster: at most 100 of a-z, 0-9, dots and dashes`,
    {
      hints: ["name it: cluster"],
    },
  );
}

interface Loaded extends ParsedSource {
  readonly folder: string;
  readonly source: BlueprintSource | undefined;
}

async function load(name: string, { blueprint, target }: AgentClusterArgs): Promise<Loaded> {
  const root = projectRoot();
  if (typeof blueprint !== "string") {
    return { ...checkDocument(blueprint, `blueprint of ${name}`, { target }), folder: root, source: undefined };
  }
  const file = isAbsolute(blueprint) ? blueprint : join(root, blueprint);
  const source = await readSource(file);
  return { ...checkSource(source, { target }), folder: dirname(file), source };
}

/** Checks that the project's Pulumi.yaml, if any, names the plugin; an inline program has none. */
async function checkProject(): Promise<void> {
  if (pulumi.getProject() === swarmctlProject) {
    throw new SwarmError("SW608", `project ${swarmctlProject} is reserved for the clusters of swarmctl`, {
      hints: ["give the project in Pulumi.yaml another name"],
    });
  }
  const file = findProjectFile(projectRoot());
  if (file === undefined) return;
  const text = await readFile(file, "utf8");
  if (projectName(text) === pulumi.getProject()) requirePlugin(file, text, process.env);
}

/** Project whose stacks swarmctl changes and removes as whole clusters (src/stacks/project.ts). */
const swarmctlProject = "swarmstack";

async function tellUnused(resource: pulumi.Resource, { cluster: { ttlMs, hibernation } }: Blueprint): Promise<void> {
  const { idleTimeoutMs, sleep, wake, enabled } = hibernation;
  const sleeps = enabled && [idleTimeoutMs, sleep, wake].some((value) => value !== undefined);
  const unused = [...(ttlMs === undefined ? [] : ["ttl"]), ...(sleeps ? ["hibernation"] : [])];
  if (unused.length === 0) return;
  await pulumi.log.warn(
    `${unused.join(" and ")} of the blueprint: not applied, as this program owns the cluster`,
    resource,
  );
}

function textOf(name: string, { code, message, hints }: SwarmError): string {
  return [`AgentCluster ${name}: ${code} ${message}`, ...hints.map((hint) => `  try: ${hint}`)].join("\n");
}
