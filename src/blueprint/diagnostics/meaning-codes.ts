import { define, either } from "./entry.ts";

/** SW3xx: values that are valid alone and contradict each other. */
export const meaningCodes = {
  SW301: define<{ name: string; root: string }>({
    title: "Second root",
    explanation: "Exactly one agent has no reports_to: the root of the hierarchy.",
    example: "agents:\n  - { role: supervisor, name: A }\n  - { role: supervisor, name: B }",
    say: ({ name, root }) => `"${name}" has no reports_to, but "${root}" is already the root`,
  }),
  SW302: define<{ name: string; root: string }>({
    title: "Agent without reports_to",
    explanation: "Every agent except the root needs reports_to.",
    example: "agents:\n  - { role: supervisor, name: A }\n  - { role: worker, name: B }",
    say: ({ name, root }) => `"${name}" has no reports_to; the root is "${root}"`,
  }),
  SW303: define<{ chain: readonly string[] }>({
    title: "Cycle in reports_to",
    explanation: "Following reports_to from any agent ends at the root.",
    example: "agents:\n  - { role: lead, name: A, reports_to: B }\n  - { role: lead, name: B, reports_to: A }",
    say: ({ chain }) =>
      chain.length === 1
        ? `"${chain[0]}" reports to itself`
        : `reports go in a circle: ${[...chain, chain[0]].join(" -> ")}`,
  }),
  SW304: define<{ value: string }>({
    title: "Unknown agent in reports_to",
    explanation: "reports_to must be the role or the name of an agent in this blueprint.",
    example: "reports_to: suporvisor",
    say: ({ value }) => `no agent has the role or name "${value}"`,
  }),
  SW305: define<{ value: string; candidates: readonly string[] }>({
    title: "Ambiguous reports_to",
    explanation: "Several agents have this role, or the role is also a name. Use the name of one agent.",
    example: "reports_to: lead # with two leads",
    say: ({ value, candidates }) => `"${value}" may be ${either(candidates.slice(0, 5).map((name) => `"${name}"`))}`,
  }),
  SW306: define<{ name: string; role: string; superior: string; superiorRole: string }>({
    title: "Agent reports to a lower level",
    explanation:
      "An agent reports to one of its own level or a higher one. Levels, highest first: supervisor, lead, specialist, worker.",
    example: "- { role: lead, name: A, reports_to: some worker }",
    say: ({ name, role, superior: reportsTo, superiorRole }) =>
      `"${name}" is a ${role} and cannot report to "${reportsTo}", a ${superiorRole}`,
  }),
  SW307: define<{ name: string; first: string; line: number }>({
    title: "Duplicate agent name",
    explanation: "Names are compared without case, diacritics and punctuation, because they become names of resources.",
    example: "- { name: Content Creator }\n- { name: content-creator }",
    say: ({ name, first, line }) =>
      name === first
        ? `the name "${name}" is taken on line ${line}`
        : `the name "${name}" is too close to "${first}" on line ${line}`,
  }),
  SW310: define<{ min: number; max: number }>({
    title: "Minimum exceeds the maximum",
    explanation: "min_workers must not exceed max_workers.",
    example: "min_workers: 30\nmax_workers: 20",
    say: ({ min, max }) => `min_workers (${min}) is over max_workers (${max})`,
  }),
  SW311: define<{ sum: number; max: number }>({
    title: "Minimum counts exceed max_workers",
    explanation: "The sum of all minimum counts must not exceed max_workers.",
    example: "max_workers: 2 # with three agents of count 1",
    say: ({ sum, max }) => `the agents' minimum counts add up to ${sum}, over max_workers (${max})`,
  }),
  SW312: define<{ sum: number; min: number }>({
    title: "Minimum cannot be reached",
    explanation: "The sum of all maximum counts must be at least min_workers.",
    example: "min_workers: 3 # with two agents of count 1",
    say: ({ sum, min }) => `the agents' maximum counts add up to ${sum}, under min_workers (${min})`,
  }),
  SW313: define<{ min: number; max: number }>({
    title: "Range is reversed",
    explanation: "The first number of a range must not exceed the second.",
    example: "count: 5-0",
    say: ({ min, max }) => `min (${min}) is over max (${max})`,
  }),
  SW320: define<object>({
    title: "Temporary cluster without a ttl",
    explanation: "A temporary cluster is destroyed after its ttl, so it needs one.",
    example: "cluster: { type: temporary }",
    say: () => "a temporary cluster needs a ttl",
  }),
  SW321: define<object>({
    title: "Persistent cluster with idle_timeout",
    explanation: "A persistent cluster cannot hibernate when idle. A schedule (sleep, wake) is allowed.",
    example: "cluster: { type: persistent, hibernation: { idle_timeout: 1 hour } }",
    say: () => "a persistent cluster cannot hibernate when idle",
  }),
  SW322: define<object>({
    title: "Persistent cluster with a ttl",
    explanation: "A persistent cluster cannot have a ttl.",
    example: "cluster: { type: persistent, ttl: 4 hours }",
    say: () => "a persistent cluster cannot have a ttl",
  }),
  SW323: define<object>({
    title: "wake without sleep",
    explanation: "A wake schedule needs sleep or idle_timeout, which hibernate the cluster.",
    example: 'hibernation: { wake: "0 7 * * 1-5" }',
    say: () => "wake is set, but neither sleep nor idle_timeout hibernates the cluster",
  }),
  SW324: define<object>({
    title: "Hibernation without a trigger",
    explanation: "Hibernation is enabled without idle_timeout and sleep, so only a command starts it. (Warning.)",
    example: "hibernation: { enabled: true }",
    say: () => "only a command hibernates this cluster: neither idle_timeout nor sleep is set",
  }),
  SW330: define<{ metric: string; up: string; down: string }>({
    title: "Thresholds overlap",
    explanation:
      "scale_down_threshold must be under scale_up_threshold, otherwise counts oscillate. For idle_agents it must be over it: many idle agents scale down.",
    example: "scale_up_threshold: 2\nscale_down_threshold: 10",
    say: ({ metric, up, down }) =>
      metric === "idle_agents"
        ? `scale_down_threshold (${down}) is not over scale_up_threshold (${up})`
        : `scale_down_threshold (${down}) is not under scale_up_threshold (${up})`,
  }),
  SW331: define<{ metric: string; value: string; expected: string }>({
    title: "Threshold in the wrong unit",
    explanation:
      "Units: task_queue_length in tasks per agent, load_percentage and idle_agents from 0 to 100, avg_response_time as a duration, expression as any number.",
    example: "metric: avg_response_time\nscale_up_threshold: 5",
    say: ({ metric, value, expected }) => `${value} is not a threshold of ${metric}: expected ${expected}`,
  }),
  SW332: define<{ metric: string }>({
    title: "Metric appears twice",
    explanation:
      "Each metric has one pair of thresholds (an expression may appear several times with different queries).",
    example: "signals: [{ metric: load_percentage }, { metric: load_percentage }]",
    say: ({ metric }) => `${metric} already has thresholds here`,
  }),
  SW333: define<{ metric: string; given: boolean }>({
    title: "Expression and metric do not fit",
    explanation:
      "metric: expression needs an expression (a Prometheus query, a URL or a stream) and a threshold; other metrics take none.",
    example: "signals: [{ metric: expression, target: 5 }]",
    say: ({ metric, given }) =>
      given
        ? `an expression needs metric: expression, but the metric is ${metric}`
        : "metric expression needs the key expression",
  }),
  SW334: define<object>({
    title: "Threshold given twice",
    explanation: "target is an alias of scale_up_threshold: set only one of them.",
    example: "{ metric: load_percentage, target: 80, scale_up_threshold: 80 }",
    say: () => "target is an alias of scale_up_threshold: set only one of them",
  }),
  SW335: define<{ metric: string }>({
    title: "Threshold is missing",
    explanation: "An expression has no default threshold.",
    example: "{ metric: expression, expression: sum(jobs) }",
    say: ({ metric }) => `${metric} has no default threshold: set target or scale_up_threshold`,
  }),
  SW340: define<{ pool: string }>({
    title: "Unknown GPU pool",
    explanation: "gpu_pool must be the name of an entry of gpu_pools.",
    example: "resources: { gpu: 1, gpu_pool: h10 }",
    say: ({ pool }) => `there is no GPU pool "${pool}"`,
  }),
  SW341: define<{ wanted: number; has: number; pool: string; what: string }>({
    title: "GPU request exceeds a node",
    explanation: "All GPUs of an instance must be on one node of the pool.",
    example: "resources: { gpu: 16, gpu_pool: h100 } # nodes of 8",
    say: ({ wanted, has, pool, what }) => `${wanted} ${what} do not fit on a node of pool "${pool}", which has ${has}`,
  }),
  SW342: define<{ profile: string; gpu: string; profiles: readonly string[] }>({
    title: "Unknown MIG profile",
    explanation:
      "MIG profiles depend on the GPU: an H100 with 80 GB and an A100 with 40 GB have different ones, and an L4 has none.",
    example: "gpu_pools: [{ name: a, gpu: nvidia-l4, mig_profile: 1g.10gb }]",
    say: ({ profile, gpu, profiles }) =>
      profiles.length === 0
        ? `${gpu} has no MIG profiles`
        : `${gpu} has no MIG profile "${profile}": it has ${either(profiles)}`,
  }),
  SW343: define<{ gpu: string }>({
    title: "Unknown GPU",
    explanation: "A pool's gpu must be a GPU of the catalog (src/catalog).",
    example: "gpu: nvidia-h1000",
    say: ({ gpu }) => `the catalog has no GPU "${gpu}"`,
  }),
  SW344: define<{ pool: string; wanted: number; has: number; what: string }>({
    title: "GPU pool is too small",
    explanation: "The minimum counts alone request more GPUs than the pool has at its maximum number of nodes.",
    example: "nodes: 0-1 # of 8, with agents that need 16 at least",
    say: ({ pool, wanted, has, what }) =>
      `the agents' minimum counts need ${wanted} ${what}, and pool "${pool}" has ${has} at most`,
  }),
  SW345: define<{ pools: readonly string[] }>({
    title: "Ambiguous GPU pool",
    explanation: "With several pools, an agent that requests a GPU must name its pool.",
    example: "resources: { gpu: 1 } # with two pools",
    say: ({ pools }) => `there are ${pools.length} GPU pools: name one (${either(pools)})`,
  }),
  SW346: define<{ key: string }>({
    title: "GPU settings without a GPU",
    explanation: "gpu_pool and gpu_profile need a request of at least one GPU.",
    example: "resources: { gpu_pool: h100 }",
    say: ({ key }) => `${key} is set, but no GPU is requested`,
  }),
  SW347: define<{ name: string; line: number }>({
    title: "Duplicate GPU pool name",
    explanation: "Names of pools must be unique.",
    example: "gpu_pools: [{ name: h100 }, { name: h100 }]",
    say: ({ name, line }) => `the GPU pool "${name}" is already defined on line ${line}`,
  }),
  SW348: define<{ base: number; max: number }>({
    title: "base_on_demand exceeds the nodes",
    explanation: "spot.base_on_demand must not exceed the pool's maximum number of nodes.",
    example: "nodes: 0-4\nspot: { base_on_demand: 5 }",
    say: ({ base, max }) => `base_on_demand (${base}) is over the maximum of nodes (${max})`,
  }),
  SW349: define<{ pool: string; cut: string | undefined; wanted: string | undefined }>({
    title: "GPU slices do not match the pool",
    explanation:
      "A pool provides either slices of its mig_profile or whole GPUs; agents must request what it provides.",
    example: "gpu_profile: 1g.10gb # on a pool of mig_profile 2g.20gb",
    say: ({ pool, cut, wanted }) =>
      cut === undefined
        ? `pool "${pool}" provides whole GPUs, no slices of ${wanted}`
        : `pool "${pool}" is cut into ${cut}, and the agent requests ${wanted ?? "whole GPUs"}`,
  }),
  SW350: define<{ gpu: string }>({
    title: "Fallback to the same GPU",
    explanation: "spot.fallback must list GPUs other than the pool's own.",
    example: "gpu: nvidia-a100-40gb\nspot: { fallback: [nvidia-a100-40gb] }",
    say: ({ gpu }) => `${gpu} is the pool's own GPU`,
  }),
  SW351: define<{ pool: string; wanted: number; has: number; what: string }>({
    title: "GPU pool cannot serve the maximum",
    explanation: "At the maximum counts of all agents, some instances wait for a GPU. (Warning.)",
    example: "nodes: 0-1 # of 8, with agents of count 0-20 that take one GPU each",
    say: ({ pool, wanted, has, what }) =>
      `the agents' maximum counts need ${wanted} ${what}, and pool "${pool}" has ${has} at most`,
  }),
  SW352: define<{ pool: string }>({
    title: "GPU pool is not used",
    explanation: "No agent requests a GPU of this pool. (Warning.)",
    example: "gpu_pools: [{ name: h100, ... }] # and no agent with gpu",
    say: ({ pool }) => `no agent uses GPU pool "${pool}"`,
  }),
  SW353: define<object>({
    title: "GPU request without gpu_pools",
    explanation: "GPUs come from a pool: an entry of gpu_pools defines their model and their nodes.",
    example: "resources: { gpu: 1 } # and no gpu_pools",
    say: () => "a GPU is requested, and the blueprint has no gpu_pools",
  }),
  SW360: define<{ name: string }>({
    title: "Unknown secret",
    explanation: "An agent's secrets must be names of entries in the blueprint's secrets.",
    example: "secrets: [OPENAI_KEY]",
    say: ({ name }) => `the blueprint has no secret "${name}"`,
  }),
  SW361: define<{ what: string }>({
    title: "Secret value in the blueprint",
    explanation:
      "The file contains a value that looks like a key or password. Put a reference under secrets, and rotate the secret, as it has been on disk. The message does not show it.",
    example: "env: { OPENAI_API_KEY: sk-... }",
    say: ({ what }) => `this looks like ${what}; a blueprint must not contain one`,
  }),
  SW362: define<{ name: string }>({
    title: "Secret and variable with the same name",
    explanation: "Agents receive secrets as environment variables, so a name can be either a secret or a variable.",
    example: "env: { TOKEN: x }\nsecrets: [TOKEN]",
    say: ({ name }) => `"${name}" is also a variable of this agent's env`,
  }),
  SW363: define<{ name: string }>({
    title: "Secret is not used",
    explanation: "No agent lists this secret. (Warning.)",
    example: "secrets: { TOKEN: { env: TOKEN } } # and no agent lists it",
    say: ({ name }) => `no agent uses secret "${name}"`,
  }),
  SW364: define<{ name: string }>({
    title: "Reserved variable",
    explanation: "Variables that begin with SWARM_ are set by the runtime.",
    example: "env: { SWARM_CONFIG: x }",
    say: ({ name }) => `"${name}" is reserved: the runtime sets the variables that begin with SWARM_`,
  }),
  SW365: define<{ name: string; what: string; bytes: number; limit: number }>({
    title: "Settings of an agent are too large",
    explanation:
      "The command with its arguments and variables is limited to 512 KiB, and the settings (config, labels) to 700 KiB, as processes and ConfigMaps are limited. Put large values into files: cluster.shared.knowledge.",
    example: 'config: { prompt: "..." } # of 800 KiB',
    say: ({ name, what, bytes, limit }) => `the ${what} of "${name}" has ${bytes} bytes; the limit is ${limit}`,
  }),
  SW370: define<{ budget: string; cost: string; per: string; unpriced: number }>({
    title: "Minimum size exceeds the budget",
    explanation:
      "The GPU nodes for the minimum counts cost more than the budget allows. Only nodes in the price book are counted, so the real cost may be higher.",
    example: "budget: { max_hourly_usd: 1 } # with two nodes of 8 H100",
    say: ({ budget, cost, per, unpriced }) =>
      `the minimum size costs ${unpriced > 0 ? "at least " : ""}$${cost} ${per}, over the budget of $${budget}`,
  }),
} as const;
