import { canonicalJson } from "../blueprint/digest.ts";
import type { Agent, Scaling, SecretReference, TargetKind } from "../blueprint/model.ts";
import { SwarmError } from "../errors.ts";
import { resourceName, shortHash } from "../names.ts";
import { partName } from "../part-name.ts";
import { targets } from "../targets/targets.ts";
import type { Devices } from "./devices.ts";
import { images } from "./images.ts";
import type { AgentPlan, GpuPoolPlan, ImagePlan, RedisPlan, WorkloadShape } from "./plan.ts";
import { planResources } from "./requests.ts";
import { planScaling } from "./scaling.ts";

export interface AgentContext {
  readonly cluster: string;
  readonly target: TargetKind;
  readonly scaling: Scaling | undefined;
  readonly pools: readonly GpuPoolPlan[];
  readonly devices: Devices;
  readonly redis: RedisPlan | undefined;
  readonly secrets: Readonly<Record<string, SecretReference>>;
}

/** @throws SwarmError SW608 where the target cannot execute a part of the agent */
export function planAgent(agent: Agent, context: AgentContext): AgentPlan {
  const { cluster, target, pools, devices, redis } = context;
  const { key, role, name, count, capabilities, reportsTo, command, queue, state, scaleIn, ...handled } = agent;
  const { image, env, resources, secrets, scaling, startPeriodMs, drainMs, ...handedOver } = handled;
  // The rest goes into the agent's configuration file; a new field of the model fails to compile here.
  const { model, config, labels, timeoutMs, onPartition, ...none } = handedOver;
  none satisfies Record<string, never>;
  refuseUnusable(agent, context);
  const shape: WorkloadShape = state === undefined ? "stateless" : scaleIn === "last" ? "ordered" : "single";
  return {
    key,
    resource: resourceName([cluster, key]),
    role,
    name,
    parent: reportsTo,
    capabilities,
    count,
    image: planImage(image, cluster),
    command,
    env: sorted({ ...env, ...queueEnv(queue) }),
    secrets: [...secrets].sort(),
    config: configFile(agent),
    resources: planResources(agent, pools, devices[key] ?? []),
    state,
    queue,
    shape,
    scaling: planScaling(agent, { target, cluster: context.scaling, shape, redis }),
    ...(startPeriodMs !== undefined && { startPeriodMs }),
    stopTimeoutMs: drainMs,
  };
}

function planImage(image: Agent["image"], cluster: string): ImagePlan {
  if (image === undefined) return { name: images.agent, builtin: true };
  if (image.kind === "name") return { name: image.name, builtin: false };
  const name = partName(resourceName([cluster]), `image-${shortHash(image.folder)}`);
  return { name, builtin: false, build: image.folder };
}

function queueEnv(queue: Agent["queue"]): Record<string, string> {
  return queue === undefined ? {} : { SWARM_QUEUE_STREAM: queue.stream, SWARM_QUEUE_GROUP: queue.group };
}

function refuseUnusable(
  { name, secrets: used, image, command, queue }: Agent,
  { target, secrets }: AgentContext,
): void {
  for (const secret of used) {
    const reference = Object.hasOwn(secrets, secret) ? secrets[secret] : undefined;
    if (reference === undefined)
      throw new SwarmError("SW608", `"${name}" uses secret "${secret}", which does not exist`);
    if (reference.kind === "kubernetes" && !targets[target].kubernetes) {
      throw new SwarmError("SW608", `secret "${secret}" of "${name}" is in Kubernetes, and the target is ${target}`);
    }
  }
  const { images: support } = targets[target];
  const launched = used.length > 0 || queue !== undefined;
  if (support?.launches && launched && image !== undefined && command === undefined) {
    throw new SwarmError("SW608", `"${name}" has secrets or a queue, and the command of its image is not known`, {
      hints: [`add the command: on ${target} a launcher gives it the secrets, so that docker inspect shows none`],
    });
  }
  if (support !== undefined && !support.builds && image?.kind === "build") {
    throw new SwarmError(
      "SW608",
      `the image of "${name}" is built from ${image.folder}, and target ${target} builds none`,
      {
        hints: ["docker build it, push it to a registry that the nodes can pull from, and write its name"],
      },
    );
  }
  if (support === undefined && image !== undefined && command === undefined) {
    throw new SwarmError("SW608", `"${name}" is an image, and target ${target} runs processes`, {
      hints: ["add a command, or choose another target"],
    });
  }
}

export function sorted<Value>(map: Readonly<Record<string, Value>>): Readonly<Record<string, Value>> {
  return Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The JSON file under SWARM_CONFIG: the settings of an agent that the runtime does not act on. */
function configFile(agent: Agent): string {
  const { key, role, name, capabilities, reportsTo, model, config, labels, timeoutMs, onPartition, queue } = agent;
  return canonicalJson({
    agent: key,
    role,
    name,
    capabilities,
    reportsTo,
    model,
    config,
    labels,
    timeoutMs,
    onPartition,
    queue,
  });
}
