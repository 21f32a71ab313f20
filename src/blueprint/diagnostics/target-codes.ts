import { define, either } from "./entry.ts";

/** SW4xx: a valid blueprint that its target cannot execute. */
export const targetCodes = {
  SW401: define<{ owner: string; target: string }>({
    title: "Owner of scaling needs Kubernetes",
    explanation: "hpa and keda are controllers of Kubernetes: they work on the targets kubernetes and aws.",
    example: "target: docker\nscaling: { owner: keda }",
    say: ({ owner, target }) => `owner ${owner} needs Kubernetes, and the target is ${target}`,
  }),
  SW402: define<{ owner: string; metric: string; reason: string }>({
    title: "Owner cannot scale by this metric",
    explanation: "Who can scale by what is one table: see `swarmctl blueprint explain cluster.scaling.owner`.",
    example: "scaling: { owner: hpa, metric: idle_agents }",
    say: ({ owner, metric, reason }) => `${owner} cannot scale by ${metric}: ${reason}`,
  }),
  SW403: define<{ name: string; min: number; least: number; owner: string }>({
    title: "Owner cannot scale this low",
    explanation: "The API server refuses a HorizontalPodAutoscaler with a minimum of 0. keda and swarmstack go to 0.",
    example: "scaling: { owner: hpa }\nagents: [{ count: 0-5 }]",
    say: ({ name, min, least, owner }) =>
      `${owner} keeps at least ${least} running, and "${name}" has a minimum of ${min}`,
  }),
  SW404: define<{ name: string }>({
    title: "Load without a CPU request",
    explanation: "An HPA computes load as a share of the requested CPU, so the agent needs resources.cpu.",
    example: "scaling: { owner: hpa, metric: load_percentage }",
    say: ({ name }) => `hpa measures load against resources.cpu, which "${name}" does not set`,
  }),
  SW405: define<{ owner: string; target: string }>({
    title: "Scaling that nothing executes on this target yet",
    explanation:
      "The rules are checked and recorded, but the autoscaler of swarmstack does not reach this target yet: counts change with `swarmctl scale`, or by the owners hpa and keda. (Warning.)",
    example:
      "target: { kind: aws, region: eu-central-1 }\nscaling: { owner: swarmstack, metric: task_queue_length }\nagents: [{ count: 0-5 }]",
    say: ({ owner, target }) =>
      `nothing executes the scaling rules of owner ${owner} on target ${target} yet: counts change with swarmctl scale`,
  }),
  SW406: define<{ owner: string; name: string }>({
    title: "Owner removes the last instance first",
    explanation:
      "hpa and keda write a count, and the last instance goes first. An agent with a state lets any idle one go, unless scale_in is last.",
    example: "scaling: { owner: keda }\nagents: [{ count: 0-5, state: { size: 1Gi, path: /state } }]",
    say: ({ owner, name }) => `${owner} removes the last instance first, and "${name}" has a state with scale_in: any`,
  }),
  SW407: define<{ name: string }>({
    title: "KEDA needs the address of Redis",
    explanation: "KEDA asks Redis for the length of a queue itself, so its address is in the blueprint.",
    example: "scaling: { owner: keda }\nagents: [{ count: 0-5, queue: { stream: jobs } }] # and REDIS_URL",
    say: ({ name }) => `keda scales "${name}" by its queue, and the blueprint has no address of Redis`,
  }),
  SW408: define<{ owner: string; metric: string; least: string; value: string }>({
    title: "Owner cannot use this threshold",
    explanation:
      "An HPA takes percentages and milliseconds in whole numbers from 1, and no threshold of 0. KEDA takes the length of a queue in whole numbers from 1.",
    example: "scaling: { owner: hpa, metric: load_percentage, scale_up_threshold: 0.4 }",
    say: ({ owner, metric, least, value }) =>
      `${owner} scales by ${metric} from ${least}, and the threshold is ${value}`,
  }),
  SW409: define<{ owner: string; key: string }>({
    title: "Key that this owner does not read",
    explanation:
      "window, tolerance, max_step, panic, fail_for, fallback and mode belong to the autoscaler of swarmstack; hpa and keda have their own rules. (Warning.)",
    example: "scaling: { owner: hpa, window: 10 minutes }",
    say: ({ owner, key }) => `owner ${owner} does not read ${key}`,
  }),
  SW410: define<{ target: string }>({
    title: "Queue without a Redis",
    explanation: "Queues are Redis Streams. Name the Redis in cluster.target.redis, or set REDIS_URL.",
    example: "target: local\nagents: [{ queue: { stream: jobs } }]",
    say: ({ target }) => `a queue needs a Redis, and target ${target} has none`,
  }),
  SW411: define<{ target: string }>({
    title: "Target cannot confine traffic",
    explanation:
      "Agents on the target local reach every address, whatever the rules say. With network.enforce: false this is a warning.",
    example: "target: local\nnetwork: { egress: [10.0.0.0/8] }",
    say: ({ target }) => `target ${target} cannot confine what agents reach`,
  }),
  SW412: define<{ target: string }>({
    title: "Cilium needs Kubernetes",
    explanation: "network.provider: cilium works on the targets kubernetes and aws.",
    example: "target: docker\nnetwork: { provider: cilium }",
    say: ({ target }) => `provider cilium needs Kubernetes, and the target is ${target}`,
  }),
  SW413: define<{ target: string; redis: string }>({
    title: "No way to Redis",
    explanation:
      "network.egress is set, and no rule of it lets agents reach the Redis of their queues. Behind a policy Redis is reached by its address, or inside the cluster; a docker network that confines has no way to it.",
    example: "target: { kind: kubernetes, redis: redis://cache.example }\nnetwork: { egress: [] }",
    say: ({ target, redis }) => `network.egress is set, and on target ${target} no rule lets agents reach ${redis}`,
  }),
  SW420: define<{ target: string }>({
    title: "No shared volume here",
    explanation: "A shared volume is mounted by all agents for writing. shared.memory works everywhere.",
    example: "target: fly\nshared: { volume: 10Gi }",
    say: ({ target }) => `target ${target} has no volume that several agents can write to`,
  }),
  SW421: define<{ target: string }>({
    title: "No GPU here",
    explanation: "The target local does not assign GPUs to agents.",
    example: "target: local\nresources: { gpu: 1 }",
    say: ({ target }) => `target ${target} assigns no GPUs`,
  }),
  SW422: define<{ gpu: string; perNode: number; available: readonly number[] }>({
    title: "No AWS instance type with these GPUs",
    explanation: "On AWS, gpus_per_node is the number of GPUs of an instance type.",
    example: "target: aws\ngpu_pools: [{ gpu: nvidia-h100, gpus_per_node: 3 }]",
    say: ({ gpu, perNode, available }) =>
      available.length === 0
        ? `no AWS instance type has ${gpu}`
        : `no AWS instance type has ${perNode} ${gpu}: there are types with ${either(available.map(String))}`,
  }),
  SW423: define<{ target: string }>({
    title: "No spot nodes here",
    explanation: "Spot nodes are bought by a node provisioner: they work on the targets kubernetes and aws.",
    example: "target: docker\ngpu_pools: [{ spot: {} }]",
    say: ({ target }) => `target ${target} has no spot nodes`,
  }),
  SW424: define<{ target: string }>({
    title: "No MIG slices here",
    explanation: "GPUs are cut into slices by the GPU operator: on the targets kubernetes and aws.",
    example: "target: docker\ngpu_pools: [{ mig_profile: 1g.10gb }]",
    say: ({ target }) => `target ${target} does not cut GPUs into slices`,
  }),
  SW425: define<{ reason: string }>({
    title: "GPU nodes cannot be provided",
    explanation:
      "Spot nodes on a control plane of your own are bought by Karpenter: no minimum of nodes, and no slices.",
    example: "target: kubernetes\ngpu_pools: [{ nodes: 1-3, spot: {} }]",
    say: ({ reason }) => `the nodes of this pool cannot be provided: ${reason}`,
  }),
  SW426: define<{ pool: string; wanted: number; has: number }>({
    title: "Host has too few GPUs",
    explanation:
      "On the target docker a pool is one host, and each instance that may run has GPUs of its own: the upper ends of the counts together need no more than gpus_per_node.",
    example: "target: docker\ngpu_pools: [{ gpus_per_node: 1 }] # with an agent of count 0-2 that takes one GPU",
    say: ({ pool, wanted, has }) =>
      `the agents' maximum counts need ${wanted} GPUs, and the host of pool "${pool}" has ${has}`,
  }),
  SW427: define<{ gpu: string; perNode: number }>({
    title: "No AWS instance type with this room",
    explanation: "The agents that use the pool ask for more CPU or memory than the instance types with its GPUs have.",
    example: "target: aws\ngpu_pools: [{ gpu: nvidia-t4 }] # with an agent of 400 cores",
    say: ({ gpu, perNode }) =>
      `no AWS instance type with ${perNode} ${gpu} has room for the CPU and memory of its agents`,
  }),
  SW430: define<{ target: string }>({
    title: "Image cannot run here",
    explanation:
      "The target local runs processes, not images. Add a command, or leave image out to run the built-in agent.",
    example: "target: local\nagents: [{ image: registry.example/agent:1.4 }]",
    say: ({ target }) => `target ${target} runs processes, not images`,
  }),
  SW431: define<{ target: string }>({
    title: "Kubernetes secret without Kubernetes",
    explanation: "A secret of kind kubernetes is read by the kubelet: on the targets kubernetes and aws.",
    example: "target: docker\nsecrets: { TOKEN: { kubernetes: tokens/openai } }",
    say: ({ target }) => `target ${target} has no Kubernetes secrets`,
  }),
  SW432: define<{ key: string; target: string; allowed: readonly string[] }>({
    title: "Key has no meaning on this target",
    explanation: "Each target takes its own settings.",
    example: "target: { kind: docker, region: eu-central-1 }",
    say: ({ key, target, allowed }) => `target ${target} takes no ${key}, only ${either(allowed)}`,
  }),
  SW433: define<{ region: string }>({
    title: "Unknown AWS region",
    explanation: "The catalog does not know this region. It may be newer than the catalog. (Warning.)",
    example: "target: { kind: aws, region: eu-centrall-1 }",
    say: ({ region }) => `the catalog knows no AWS region "${region}"`,
  }),
  SW434: define<{ target: string }>({
    title: "Image cannot be built here",
    explanation:
      "An image is built by the docker daemon that runs it: on the target docker. Elsewhere nodes pull it by its name.",
    example: "target: kubernetes\nagents: [{ image: { build: ./agent } }]",
    say: ({ target }) => `target ${target} pulls images and builds none`,
  }),
  SW435: define<{ target: string }>({
    title: "Target not available yet",
    explanation: "The name of this target is reserved, and no version of swarmstack runs clusters on it yet.",
    example: "target: fly",
    say: ({ target }) => `target ${target} is not available yet`,
  }),
  SW436: define<{ target: string; what: string }>({
    title: "Command of the image is needed",
    explanation:
      "On the target docker a launcher starts the command with the values of secrets and the address of the queue, so that docker inspect shows none. It cannot read the command of an image.",
    example: "target: docker\nagents: [{ image: agent, secrets: [TOKEN] }]",
    say: ({ target, what }) => `on target ${target} an image with ${what} needs its command`,
  }),
  SW437: define<{ path: string; why: string }>({
    title: "State cannot be mounted there",
    explanation:
      "A state is a volume at a path of the agent's own: not one of the system (/proc, /sys, /dev), of the runtime, or one with a colon.",
    example: "state: { size: 1Gi, path: /proc/state }",
    say: ({ path, why }) => `no volume can be mounted at ${path}: ${why}`,
  }),
} as const;
