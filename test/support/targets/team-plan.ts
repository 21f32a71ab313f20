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

/** Each team has a server besides its instances: more at once would wait for each other on a small machine. */
const atOnce = 3;
const turns: Promise<void>[] = [];

/** Waits until fewer teams are at work; returns what ends the turn. */
export async function takeTurn(): Promise<() => void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const before = turns[turns.push(promise) - 1 - atOnce];
  await before;
  return resolve;
}

/** One agent, of the image's own program or of a script. */
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
    drain: ${stopTimeoutMs / 1000} seconds
    resources: { cpu: 10m, memory: ${memory} }
${command}`;
  const { blueprint, diagnostics } = parseBlueprint(text, { file: "team.yaml", target });
  if (blueprint === undefined) throw new Error(diagnostics.map(({ message }) => message).join("\n"));
  return compile(blueprint, { cluster, target });
}

/** The engine's mocks are one for the whole process. */
let running: Promise<unknown> = Promise.resolve();

/** What the program makes of a plan. */
export async function resourcesOf(plan: Plan, options?: Parameters<typeof runPlan>[1]): Promise<readonly Recorded[]> {
  const run = running.then(() => runPlan(plan, options));
  running = run.catch(() => {});
  return (await run).resources;
}
