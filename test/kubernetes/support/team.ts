/**
 * A small cluster for tests of counts: a boss, workers with a changing owner, and one agent with a volume for each
 * instance.
 */
export interface Team {
  readonly id: string;
  readonly workers?: string;
  readonly owner?: "swarmstack" | "hpa" | "keda";
  readonly image?: string;
  readonly keeper?: boolean;
  readonly workerDrain?: string;
}

const signals = {
  swarmstack: "metric: task_queue_length, scale_up_threshold: 10, scale_down_threshold: 2",
  hpa: "metric: load_percentage, scale_up_threshold: 80, scale_down_threshold: 20",
  keda: "metric: task_queue_length, scale_up_threshold: 10, scale_down_threshold: 2",
} as const;

export function team({
  id,
  workers = "1-9",
  owner = "swarmstack",
  image,
  keeper = true,
  workerDrain = "5 seconds",
}: Team) {
  return `metadata: { id: ${id}, name: Team, version: 1.0.0 }
cluster:
  type: standard
  min_workers: 1
  max_workers: 20
  target: kubernetes
agents:
  - { role: supervisor, name: Boss, count: 1, capabilities: [coordination] }
  - role: worker
    name: Worker
    count: ${workers}
    reports_to: supervisor
    capabilities: [work]
    resources: { cpu: 100m, memory: 64Mi }
    drain: ${workerDrain}
    scaling: { owner: ${owner}, ${signals[owner]} }
${image === undefined ? "" : `    image: ${image}\n`}${keeper ? keeperAgent : ""}`;
}

const keeperAgent = `  - role: specialist
    name: Keeper
    count: 1-2
    reports_to: supervisor
    capabilities: [memory]
    state: { size: 1Gi, path: /data }
    scale_in: last
`;
