import { agentKey } from "./agent-key.ts";
import { assembleScaling } from "./assemble-scaling.ts";
import type { Agent, GpuPool, Image, Resources, Scaling } from "./model.ts";
import { read, readAll } from "./read.ts";
import { resolveReportsTo } from "./rules/reports-to.ts";
import type { AgentDraft, BlueprintDraft } from "./schema/blueprint.ts";
import type { Invalid } from "./shape/shape.ts";

interface Common {
  readonly image: Image | undefined;
  readonly env: Readonly<Record<string, string>>;
  readonly resources: ResourcesDraft | undefined;
  readonly scaling: Scaling | undefined;
  readonly pools: readonly GpuPool[];
}

type ResourcesDraft = Exclude<AgentDraft["resources"], Invalid | undefined>;

export function assembleAgents(draft: BlueprintDraft, pools: readonly GpuPool[]): readonly Agent[] {
  const agents = readAll(read(draft.agents));
  const numbered = agents.map((agent, index) => ({ draft: agent, index, path: ["agents", index] }));
  const allReportsTo = resolveReportsTo({ agents: numbered, agentsComplete: true });
  const defaults = read(draft.defaults);
  const scaling = read(read(draft.cluster).scaling);
  const common: Common = {
    image: assembleImage(read(defaults?.image)),
    env: readMap(read(defaults?.env)),
    resources: read(defaults?.resources),
    scaling: scaling === undefined ? undefined : assembleScaling(scaling, undefined),
    pools,
  };
  return agents.map((agent, index) => {
    const reportsTo = allReportsTo.get(index);
    const above = reportsTo?.kind === "agent" ? agents[reportsTo.index] : undefined;
    return assembleAgent(agent, above === undefined ? undefined : agentKey(read(above.name)), common);
  });
}

function assembleAgent(draft: AgentDraft, reportsTo: string | undefined, common: Common): Agent {
  const name = read(draft.name);
  const key = agentKey(name);
  const queue = read(draft.queue);
  const scaling = read(draft.scaling);
  const state = read(draft.state);
  const command = read(draft.command);
  return {
    key,
    role: read(draft.role),
    name,
    count: read(draft.count) ?? { min: 1, max: 1 },
    capabilities: readAll(read(draft.capabilities) ?? []),
    reportsTo,
    model: read(draft.model),
    config: read(draft.config) ?? {},
    labels: readMap(read(draft.labels)),
    timeoutMs: read(draft.timeout),
    image: assembleImage(read(draft.image)) ?? common.image,
    command: command === undefined ? undefined : readAll(command),
    env: { ...common.env, ...readMap(read(draft.env)) },
    resources: assembleResources(read(draft.resources), common),
    secrets: readAll(read(draft.secrets) ?? []),
    queue: queue === undefined ? undefined : { stream: read(queue.stream), group: read(queue.group) ?? key },
    scaling: scaling === undefined ? undefined : assembleScaling(scaling, common.scaling),
    state: state === undefined ? undefined : { sizeBytes: read(state.size), path: read(state.path) },
    scaleIn: read(draft.scale_in) ?? "any",
    startPeriodMs: read(draft.start_period),
    drainMs: read(draft.drain) ?? 30_000,
    onPartition: read(draft.on_partition) ?? "safe",
  };
}

function assembleImage(draft: Exclude<AgentDraft["image"], Invalid>): Image | undefined {
  if (draft === undefined) return undefined;
  return typeof draft === "string" ? { kind: "name", name: draft } : { kind: "build", folder: read(draft.build) };
}

function assembleResources(own: ResourcesDraft | undefined, common: Common): Resources {
  const gpu = read(own?.gpu) ?? read(common.resources?.gpu) ?? 0;
  const only = common.pools.length === 1 ? common.pools[0]?.name : undefined;
  const gpuPool = gpu === 0 ? undefined : (read(own?.gpu_pool) ?? read(common.resources?.gpu_pool) ?? only);
  const pool = common.pools.find(({ name }) => name === gpuPool);
  const gpuProfile = read(own?.gpu_profile) ?? read(common.resources?.gpu_profile) ?? pool?.migProfile;
  return {
    cpuMillis: read(own?.cpu) ?? read(common.resources?.cpu),
    memoryBytes: read(own?.memory) ?? read(common.resources?.memory),
    gpu,
    gpuPool,
    gpuProfile: gpu === 0 ? undefined : gpuProfile,
  };
}

function readMap(map: Readonly<Record<string, string | Invalid>> | undefined): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(map ?? {}).map(([key, value]) => [key, read(value)]));
}
