import { define, either } from "./entry.ts";

/** SW4xx: a valid blueprint that its target cannot execute. */
export const targetCodes = {
  SW401: define<{ owner: string; target: string }>({
    title: "Scaling owner needs Kubernetes",
    explanation: "hpa and keda are Kubernetes controllers, for the targets kubernetes and aws.",
    example: "target: docker\nscaling: { owner: keda }",
    say: ({ owner, target }) => `owner ${owner} needs Kubernetes, and the target is ${target}`,
  }),
  SW402: define<{ owner: string; metric: string; reason: string }>({
    title: "Owner cannot scale by this metric",
    explanation: "Each owner supports some metrics: see `swarmctl blueprint explain cluster.scaling.owner`.",
    example: "scaling: { owner: hpa, metric: idle_agents }",
    say: ({ owner, metric, reason }) => `${owner} cannot scale by ${metric}: ${reason}`,
  }),
  SW403: define<{ name: string; min: number; least: number; owner: string }>({
    title: "Minimum is too low for the owner",
    explanation:
      "The API server refuses a HorizontalPodAutoscaler with a minimum of 0. keda and swarmstack can scale to 0.",
    example: "scaling: { owner: hpa }\nagents: [{ count: 0-5 }]",
    say: ({ name, min, least, owner }) =>
      `${owner} needs a minimum of at least ${least}, and that of "${name}" is ${min}`,
  }),
  SW404: define<{ name: string }>({
    title: "Load without a CPU request",
    explanation: "An HPA computes load as a share of the requested CPU, so the agent needs resources.cpu.",
    example: "scaling: { owner: hpa, metric: load_percentage }",
    say: ({ name }) => `hpa measures load against resources.cpu, which "${name}" does not set`,
  }),
  SW405: define<{ owner: string; target: string }>({
    title: "Scaling is not executed on this target yet",
    explanation:
      "The rules are checked and recorded, but the autoscaler of swarmstack does not support this target yet. Use `swarmctl scale`, or the owners hpa or keda. (Warning.)",
    example:
      "target: { kind: aws, region: eu-central-1 }\nscaling: { owner: swarmstack, metric: task_queue_length }\nagents: [{ count: 0-5 }]",
    say: ({ owner, target }) =>
      `nothing executes the scaling rules of owner ${owner} on target ${target} yet: counts change with swarmctl scale`,
  }),
  SW406: define<{ owner: string; name: string }>({
    title: "Owner removes the last instance first",
    explanation:
      "hpa and keda only set a count, so the last instance is removed first. An agent with state may lose any idle instance unless scale_in is last.",
    example: "scaling: { owner: keda }\nagents: [{ count: 0-5, state: { size: 1Gi, path: /state } }]",
    say: ({ owner, name }) => `${owner} removes the last instance first, and "${name}" has state with scale_in: any`,
  }),
  SW407: define<{ name: string }>({
    title: "KEDA needs the address of Redis",
    explanation: "KEDA reads the length of a queue from Redis itself, so the blueprint must contain its address.",
    example: "scaling: { owner: keda }\nagents: [{ count: 0-5, queue: { stream: jobs } }] # and REDIS_URL",
    say: ({ name }) => `keda scales "${name}" by its queue, but the blueprint has no Redis address`,
  }),
  SW408: define<{ owner: string; metric: string; least: string; value: string }>({
    title: "Owner cannot use this threshold",
    explanation:
      "An HPA accepts percentages and milliseconds as whole numbers from 1. KEDA accepts the length of a queue as a whole number from 1.",
    example: "scaling: { owner: hpa, metric: load_percentage, scale_up_threshold: 0.4 }",
    say: ({ owner, metric, least, value }) =>
      `${owner} needs a threshold of ${metric} from ${least}, and it is ${value}`,
  }),
  SW409: define<{ owner: string; key: string }>({
    title: "Key that this owner ignores",
    explanation:
      "window, tolerance, max_step, panic, fail_for, fallback and mode configure the autoscaler of swarmstack; hpa and keda ignore them. (Warning.)",
    example: "scaling: { owner: hpa, window: 10 minutes }",
    say: ({ owner, key }) => `owner ${owner} ignores ${key}`,
  }),
  SW410: define<{ target: string }>({
    title: "Queue without a Redis",
    explanation: "Queues are Redis Streams. Set cluster.target.redis or REDIS_URL.",
    example: "target: local\nagents: [{ queue: { stream: jobs } }]",
    say: ({ target }) => `a queue needs a Redis, but target ${target} has none`,
  }),
  SW411: define<{ target: string }>({
    title: "Target cannot confine traffic",
    explanation:
      "The target local does not enforce egress rules: its agents can reach every address. With network.enforce: false this is a warning.",
    example: "target: local\nnetwork: { egress: [10.0.0.0/8] }",
    say: ({ target }) => `target ${target} cannot enforce egress rules`,
  }),
  SW412: define<{ target: string }>({
    title: "Cilium needs Kubernetes",
    explanation: "network.provider: cilium is supported on the targets kubernetes and aws.",
    example: "target: docker\nnetwork: { provider: cilium }",
    say: ({ target }) => `provider cilium needs Kubernetes, and the target is ${target}`,
  }),
  SW413: define<{ target: string; redis: string }>({
    title: "Egress rules block Redis",
    explanation:
      "network.egress has no rule that lets agents reach the Redis of their queues. Under a network policy Redis must be given by IP address or be inside the cluster; on docker, confined agents cannot reach it.",
    example: "target: { kind: kubernetes, redis: redis://cache.example }\nnetwork: { egress: [] }",
    say: ({ target, redis }) => `on target ${target} no rule of network.egress lets agents reach ${redis}`,
  }),
  SW420: define<{ target: string }>({
    title: "Target without shared volumes",
    explanation: "A shared volume is mounted writable by all agents. shared.memory is supported on every target.",
    example: "target: fly\nshared: { volume: 10Gi }",
    say: ({ target }) => `target ${target} has no volume that several agents can write to`,
  }),
  SW421: define<{ target: string }>({
    title: "Target without GPUs",
    explanation: "The target local does not assign GPUs to agents.",
    example: "target: local\nresources: { gpu: 1 }",
    say: ({ target }) => `target ${target} does not assign GPUs`,
  }),
  SW422: define<{ gpu: string; perNode: number; available: readonly number[] }>({
    title: "No AWS instance type with these GPUs",
    explanation: "On AWS, gpus_per_node must be the number of GPUs of an instance type.",
    example: "target: aws\ngpu_pools: [{ gpu: nvidia-h100, gpus_per_node: 3 }]",
    say: ({ gpu, perNode, available }) =>
      available.length === 0
        ? `no AWS instance type has ${gpu}`
        : `no AWS instance type has ${perNode} ${gpu}: there are types with ${either(available.map(String))}`,
  }),
  SW423: define<{ target: string }>({
    title: "Target without spot nodes",
    explanation: "Spot nodes need a node provisioner, on the targets kubernetes and aws.",
    example: "target: docker\ngpu_pools: [{ spot: {} }]",
    say: ({ target }) => `target ${target} has no spot nodes`,
  }),
  SW424: define<{ target: string }>({
    title: "Target without MIG slices",
    explanation: "The GPU operator cuts GPUs into slices, on the targets kubernetes and aws.",
    example: "target: docker\ngpu_pools: [{ mig_profile: 1g.10gb }]",
    say: ({ target }) => `target ${target} does not cut GPUs into slices`,
  }),
  SW425: define<{ reason: string }>({
    title: "GPU nodes cannot be provisioned",
    explanation:
      "On an existing control plane, Karpenter buys spot nodes; it supports neither a minimum of nodes nor slices.",
    example: "target: kubernetes\ngpu_pools: [{ nodes: 1-3, spot: {} }]",
    say: ({ reason }) => `the nodes of this pool cannot be provisioned: ${reason}`,
  }),
  SW426: define<{ pool: string; wanted: number; has: number }>({
    title: "Host has too few GPUs",
    explanation:
      "On the target docker a pool is one host, and each instance has exclusive GPUs: the sum of the maximum counts' GPUs must not exceed gpus_per_node.",
    example: "target: docker\ngpu_pools: [{ gpus_per_node: 1 }] # with an agent of count 0-2 that takes one GPU",
    say: ({ pool, wanted, has }) =>
      `the agents' maximum counts need ${wanted} GPUs, and the host of pool "${pool}" has ${has}`,
  }),
  SW427: define<{ gpu: string; perNode: number }>({
    title: "No AWS instance type with enough CPU or memory",
    explanation: "The agents that use the pool request more CPU or memory than the instance types with its GPUs have.",
    example: "target: aws\ngpu_pools: [{ gpu: nvidia-t4 }] # with an agent of 400 cores",
    say: ({ gpu, perNode }) => `no AWS instance type with ${perNode} ${gpu} has enough CPU and memory for its agents`,
  }),
  SW430: define<{ target: string }>({
    title: "Target without images",
    explanation: "The target local runs processes, not images. Add a command, or omit image to run the built-in agent.",
    example: "target: local\nagents: [{ image: registry.example/agent:1.4 }]",
    say: ({ target }) => `target ${target} runs processes, not images`,
  }),
  SW431: define<{ target: string }>({
    title: "Kubernetes secret without Kubernetes",
    explanation: "The kubelet reads secrets of kind kubernetes, on the targets kubernetes and aws.",
    example: "target: docker\nsecrets: { TOKEN: { kubernetes: tokens/openai } }",
    say: ({ target }) => `target ${target} has no Kubernetes secrets`,
  }),
  SW432: define<{ key: string; target: string; allowed: readonly string[] }>({
    title: "Key not supported on this target",
    explanation: "Each target has its own settings.",
    example: "target: { kind: docker, region: eu-central-1 }",
    say: ({ key, target, allowed }) => `target ${target} does not accept ${key}, only ${either(allowed)}`,
  }),
  SW433: define<{ region: string }>({
    title: "Unknown AWS region",
    explanation: "The catalog does not contain this region, which may be newer than the catalog. (Warning.)",
    example: "target: { kind: aws, region: eu-centrall-1 }",
    say: ({ region }) => `the catalog has no AWS region "${region}"`,
  }),
  SW434: define<{ target: string }>({
    title: "Target cannot build images",
    explanation:
      "On the target docker, the daemon builds the image and runs it. On other targets nodes pull images by name.",
    example: "target: kubernetes\nagents: [{ image: { build: ./agent } }]",
    say: ({ target }) => `target ${target} pulls images and cannot build them`,
  }),
  SW435: define<{ target: string }>({
    title: "Target is not available yet",
    explanation: "The name of this target is reserved; this version of swarmstack does not support it.",
    example: "target: fly",
    say: ({ target }) => `target ${target} is not available yet`,
  }),
  SW436: define<{ target: string; what: string }>({
    title: "Image needs a command",
    explanation:
      "On the target docker a launcher starts the command with the secrets and the address of the queue, so that docker inspect does not show them. It cannot read the command of an image.",
    example: "target: docker\nagents: [{ image: agent, secrets: [TOKEN] }]",
    say: ({ target, what }) => `on target ${target} an image with ${what} needs its command`,
  }),
  SW437: define<{ path: string; why: string }>({
    title: "Invalid path of a state",
    explanation:
      "The state is mounted as a volume, so its path must not belong to the system (/proc, /sys, /dev) or to the runtime, or contain a colon.",
    example: "state: { size: 1Gi, path: /proc/state }",
    say: ({ path, why }) => `no volume can be mounted at ${path}: ${why}`,
  }),
} as const;
