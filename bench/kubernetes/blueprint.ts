/** Number of nodes with 8 GPUs that the agents of `blueprintOf` fill. */
export const gpuNodes = 125;
export const instances = 1_000;
const roles = 50;

/**
 * 50 agents with a thousand instances of one GPU each.
 * @param scaled instances of one agent; 20 fill all nodes.
 */
export function blueprintOf(scaled = 20): string {
  const lines = [
    "metadata: { id: bench, name: Bench, version: 1.0.0 }",
    "cluster: { type: persistent, target: kubernetes, max_workers: 1000 }",
    "defaults: { resources: { cpu: 500m, memory: 1Gi, gpu: 1, gpu_pool: h100 } }",
    `gpu_pools: [{ name: h100, gpu: nvidia-h100, gpus_per_node: 8, nodes: ${gpuNodes} }]`,
    "agents:",
    "  - { role: supervisor, name: Router, count: 1 }",
    `  - { role: worker, name: Scaled, count: ${scaled}, reports_to: supervisor }`,
    "  - { role: worker, name: Wide, count: 39, reports_to: supervisor }",
  ];
  for (let index = 3; index < roles; index++) {
    lines.push(`  - { role: worker, name: Model ${index}, count: 20, reports_to: supervisor }`);
  }
  return `${lines.join("\n")}\n`;
}
