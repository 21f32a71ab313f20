import type { ServiceError } from "@grpc/grpc-js";
import * as pulumi from "@pulumi/pulumi";
import type { RegisterResourceRequest, RegisterResourceResponse } from "@pulumi/pulumi/proto/resource_pb.js";
import { loadTarget } from "../../src/components/load-target.ts";
import { PlannedCluster, type PlannedClusterArgs } from "../../src/components/planned-cluster.ts";
import { tokens } from "../../src/components/resources.ts";
import type { AgentReplicas } from "../../src/plan/allocate.ts";
import { allocate, defaultTarget } from "../../src/plan/allocate.ts";
import type { DesiredState } from "../../src/plan/desired-state.ts";
import type { Plan } from "../../src/plan/plan.ts";

export interface Recorded {
  readonly type: string;
  readonly name: string;
  /** As the engine gets them; secrets are shown as "[secret]". */
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly deletedWith: string;
  readonly ignoreChanges: readonly string[];
  /** URNs. */
  readonly dependencies: readonly string[];
}

export interface MockRun {
  /** Sorted by type, then name. */
  readonly resources: readonly Recorded[];
  readonly counts: AgentReplicas;
}

const secretMark = "4dabf18193072939515e22adb298388d";

/** Runs a plan's program against mocks: nothing is made, each resource answers with its inputs. */
export async function runPlan(
  plan: Plan,
  args: Partial<Omit<PlannedClusterArgs, "plan" | "target">> & { counts?: AgentReplicas; preview?: boolean } = {},
): Promise<MockRun> {
  const { counts = allocate(defaultTarget(plan.bounds), plan.bounds), preview = false, ...cluster } = args;
  const resources: Recorded[] = [];
  const target = await loadTarget(plan.target.kind);
  await pulumi.runtime.setMocks(
    {
      newResource({ type, name, inputs }) {
        const desired = { counts, power: args.change?.power ?? "active" };
        return { id: `${name}-id`, state: { ...inputs, ...outputsOf(type, name, inputs, plan, desired) } };
      },
      call: ({ token, inputs }) => answer(token, inputs),
    },
    "swarmstack",
    plan.cluster,
    preview,
  );
  recordRequests(resources);
  await pulumi.runtime.runInPulumiStack(async () => {
    new PlannedCluster(plan.cluster, { plan, target, folder: process.cwd(), ...cluster });
    return {};
  });
  await settled(() => resources.length);
  const stack = resources.filter(({ type }) => type !== "pulumi:pulumi:Stack");
  return { resources: stack.sort((a, b) => order(`${a.type} ${a.name}`, `${b.type} ${b.name}`)), counts };
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Mocks are shown whole secrets only; the requests say which leaf is one, what is depended on and deleted with what. */
function recordRequests(resources: Recorded[]): void {
  const monitor = pulumi.runtime.getMonitor();
  if (monitor === undefined) throw new TypeError("no monitor");
  type Callback = (error: ServiceError | null, response: RegisterResourceResponse) => void;
  const register: (request: RegisterResourceRequest, callback: Callback) => unknown =
    monitor.registerResource.bind(monitor);
  Object.assign(monitor, {
    registerResource(request: RegisterResourceRequest, callback: Callback) {
      resources.push({
        type: request.getType(),
        name: request.getName(),
        inputs: readable(request.getObject()?.toJavaScript() ?? {}),
        deletedWith: request.getDeletedwith(),
        ignoreChanges: request.getIgnorechangesList(),
        dependencies: request.getDependenciesList(),
      });
      return register(request, callback);
    },
  });
}

/** Resources that are made when an output is known follow later: waits until none came for a while. */
async function settled(count: () => number): Promise<void> {
  for (let before = -1; before !== count(); ) {
    before = count();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function outputsOf(
  type: string,
  name: string,
  inputs: Record<string, unknown>,
  plan: Plan,
  desired: Pick<DesiredState, "counts" | "power">,
): Record<string, unknown> {
  if (type === tokens.desired) {
    const site = { host: "host", dir: `/home/user/.swarmstack/clusters/${plan.cluster}` };
    const { id, version, digest } = plan.blueprint;
    return {
      document: {
        version: 1,
        uid: "uid",
        generation: 1,
        blueprint: { id, version, digest },
        ...desired,
        site,
        place: plan.place,
      },
    };
  }
  if (type.startsWith("aws:")) return awsOutputs(type, String(inputs.name ?? name));
  if (type === "docker:index/remoteImage:RemoteImage") return { imageId: `sha256:${String(inputs.name)}` };
  return {};
}

function awsOutputs(type: string, name: string): Record<string, unknown> {
  const arn = `arn:aws:${type.split(":")[1]?.split("/")[0]}:::${name}`;
  if (type === "aws:ec2/launchTemplate:LaunchTemplate") return { arn, name, latestVersion: 1 };
  if (type !== "aws:eks/cluster:Cluster") return { arn, name };
  const certificateAuthority = { data: "Q0E=" };
  const vpcConfig = { clusterSecurityGroupId: "sg-cluster", vpcId: "vpc-cluster" };
  return { arn, name, endpoint: "https://control-plane.example", certificateAuthority, vpcConfig };
}

function answer(token: string, inputs: Record<string, unknown>): Record<string, unknown> {
  switch (token) {
    case "aws:index/getAvailabilityZones:getAvailabilityZones":
      return { names: ["eu-central-1a", "eu-central-1b", "eu-central-1c"] };
    case "aws:index/getCallerIdentity:getCallerIdentity":
      return { arn: "arn:aws:sts::123456789012:assumed-role/Deployer/session", accountId: "123456789012" };
    case "aws:iam/getSessionContext:getSessionContext":
      return { issuerArn: "arn:aws:iam::123456789012:role/Deployer" };
    default:
      return inputs;
  }
}

function readable(value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== undefined)
      .sort(([a], [b]) => order(a, b))
      .map(([key, inner]) => [key, show(inner)]),
  );
}

function show(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(show);
  if (typeof value !== "object" || value === null) return value;
  const record = value as Readonly<Record<string, unknown>>;
  return secretMark in record ? "[secret]" : readable(record);
}
