/** Small blueprints for tests: a boss, and configurable workers. */
export interface Team {
  readonly id: string;
  /** A number or a range, as in the blueprint. */
  readonly workers: string;
  readonly command?: readonly string[];
  readonly maxWorkers?: number;
  /** Default "local". */
  readonly target?: string;
}

export function team({ id, workers, command, maxWorkers = 20, target = "local" }: Team): string {
  return `metadata: { id: ${id}, name: Test Team, version: 1.0.0 }
cluster: { type: standard, min_workers: 1, max_workers: ${maxWorkers}, target: ${target} }
agents:
  - { role: supervisor, name: Boss, count: 1, capabilities: [coordination] }
  - role: worker
    name: Worker
    count: ${workers}
    reports_to: supervisor
    capabilities: [work]
    start_period: 200 ms
    drain: 1 second
${command === undefined ? "" : `    command: ${JSON.stringify(command)}\n`}`;
}
