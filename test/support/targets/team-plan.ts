import { parseBlueprint } from "../../../src/blueprint/parse.ts";
import { compile } from "../../../src/plan/compile.ts";
import type { Plan } from "../../../src/plan/plan.ts";
import { type Recorded, runPlan } from "../../components/mock-stack.ts";
import type { TeamOptions } from "./team.ts";

interface Place {
  readonly target: "docker" | "kubernetes";
  /** Upper end of the range. */
  readonly max: number;
  readonly memory: string;
}

/** Limit of concurrent teams: each has an agent server besides its instances. */
const atOnce = 3;
const turns: Promise<void>[] = [];

/** Waits for a free slot. @returns a function that releases it */
export async function takeTurn(): Promise<() => void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const before = turns[turns.push(promise) - 1 - atOnce];
  await before;
  return resolve;
}

/** Blueprint of one agent with the image's program or a script. */
export function planOf(cluster: string, { target, max, memory }: Place, options: TeamOptions): Plan {
  const { script, stopTimeoutMs = 5_000 } = options;
  const command =
    script === undefined ? "" : `    command: ${JSON.stringify(["node", "--input-type=module", "-e", script])}\n`;
  const text = `metadata: { id: ${cluster}, name: Test Team, version: 1.0.0 }
cluster: { type: standard, min_workers: 1, max_workers: 60, target: ${target} }
agents:
  - role: worker
    name: Writer
    count: 1-${max}
    capabilities: [writing]
    start_period: 200 ms
    drain: ${stopTimeoutMs / 1000} seconds
    resources: { cpu: 10m, memory: ${memory} }
${command}`;
  const { blueprint, diagnostics } = parseBlueprint(text, { file: "team.yaml", target });
  if (blueprint === undefined) throw new Error(diagnostics.map(({ message }) => message).join("\n"));
  return compile(blueprint, { cluster, target });
}

/** The engine's mocks are global to the process. */
let running: Promise<unknown> = Promise.resolve();

/** Returns the resources that the program creates for a plan. */
export async function resourcesOf(plan: Plan, options?: Parameters<typeof runPlan>[1]): Promise<readonly Recorded[]> {
  const run = running.then(() => runPlan(plan, options));
  running = run.catch(() => {});
  return (await run).resources;
}
