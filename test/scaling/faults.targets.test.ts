import { afterAll, beforeEach, expect, test } from "vitest";
import type { Signal as BlueprintSignal } from "../../src/blueprint/model.ts";
import { ScalingEvents } from "../../src/scaling/autoscaler/scaling-events.ts";
import type { ScalingConfig } from "../../src/scaling/decide/config.ts";
import { decide } from "../../src/scaling/decide/decide.ts";
import type { AgentDecision } from "../../src/scaling/decide/decision.ts";
import { newMemory, type ScalingMemory } from "../../src/scaling/decide/memory.ts";
import type { AgentObservation } from "../../src/scaling/observation.ts";
import { describeSignal } from "../../src/scaling/signal.ts";
import { type ClusterSources, observeCluster } from "../../src/scaling/sources/cluster-sources.ts";
import { until } from "../support/sandbox.ts";
import { useServer } from "../support/servers/use-server.ts";
import { type Fault, faults, redisPid, type Subject } from "./support/faults.ts";
import { type Rig, startRig } from "./support/rig.ts";

const rigOf = useServer("a Redis that can break", startRig);

/** The time between two looks, as the control law sees it. */
const periodMs = 2_000;
const failForMs = 2 * periodMs;
const fallback = 5;

const expression = (text: string): BlueprintSignal => ({
  ...{ metric: "expression", expression: text, scaleUpThreshold: 5, scaleDownThreshold: 1 },
});

function signalOf(subject: Subject, { document }: Rig): BlueprintSignal {
  switch (subject) {
    case "queue":
    case "supervisor":
    case "api server":
      return { metric: "task_queue_length", expression: undefined, scaleUpThreshold: 0, scaleDownThreshold: 0 };
    case "stream":
      return expression("redis:orders?group=billing");
    case "prometheus":
      return expression("sum(jobs)");
    case "document":
      return expression(`${document.url}/stats#/depth`);
    case "load":
      return { metric: "load_percentage", expression: undefined, scaleUpThreshold: 80, scaleDownThreshold: 20 };
    default:
      return subject satisfies never;
  }
}

/** The loop of an autoscaler that writes nothing: each look is a period after the one before. */
class Looks {
  readonly #sources: ClusterSources;
  readonly #config: ScalingConfig;
  #now = Date.now();
  #memory: ScalingMemory = newMemory(this.#now - 3_600_000);

  constructor(sources: ClusterSources) {
    this.#sources = sources;
    const rules = { cooldownMs: 0, windowMs: 1, tolerance: 0, maxStep: undefined, panicFactor: 9, failForMs, fallback };
    const signals = sources.agents[0]?.signals ?? [];
    const agent = { agent: "writer", role: "worker", reportsTo: undefined, min: 0, max: 9, pin: undefined } as const;
    this.#config = {
      agents: [{ ...agent, rules: { signals, ...rules } }],
      ...{ minWorkers: 0, maxWorkers: 9, ceilings: [], pause: undefined },
    };
  }

  async look(): Promise<{ readonly observed: AgentObservation; readonly decision: AgentDecision }> {
    const observation = await observeCluster(this.#sources, new AbortController().signal);
    const { memory, agents } = decide(this.#memory, observation, this.#config, this.#now);
    this.#now += periodMs;
    this.#memory = memory;
    const [observed, decision] = [observation.agents.writer, agents.writer];
    if (observed === undefined || decision === undefined) throw new Error("writer was not observed");
    return { observed, decision };
  }

  /** Looks until something is so. @returns after how many looks */
  async until(isSo: (look: Awaited<ReturnType<Looks["look"]>>) => boolean, most: number): Promise<number> {
    for (let looks = 1; looks <= most; looks++) {
      if (isSo(await this.look())) return looks;
    }
    return Number.POSITIVE_INFINITY;
  }
}

const table: string[][] = [["source", "fault", "the signal", "at once", "after fail_for", "known again after"]];

beforeEach(async ({ onTestFinished }) => {
  const rig = rigOf();
  await rig.reset();
  onTestFinished(() => rig.reset());
});

test.each(faults)("$of: $name", async (fault: Fault) => {
  const rig = rigOf();
  const target = fault.of === "load" || fault.of === "api server" ? "kubernetes" : "local";
  const sources = rig.sources(signalOf(fault.of, rig), target);
  try {
    const looks = new Looks(sources);
    const isHealthy = ({ observed, decision }: Awaited<ReturnType<Looks["look"]>>) =>
      observed.signals[0]?.kind === "value" && observed.live?.desired === 3 && decision.to === 3;
    // A supervisor measures idle processes twice before it says that they are.
    expect(await looks.until((look) => isHealthy(look) && look.observed.live?.starting === 0, 1_000)).toBeLessThan(
      1_000,
    );

    await fault.begin(rig);
    const during = [await looks.look(), await looks.look(), await looks.look(), await looks.look()];
    await (fault.end === undefined ? rig.reset() : fault.end(rig));

    for (const { observed, decision } of during) {
      expect(decision.action, decision.reason).not.toBe("down");
      expect(decision.to ?? 3).toBeGreaterThanOrEqual(3);
      if (observed.live !== undefined) expect(observed.signals[0]?.kind).not.toBe("value");
    }
    const [first, last] = [during[0], during.at(-1)];
    if (first === undefined || last === undefined) throw new Error("there was no look");
    const signal = last.observed.signals[0];
    const said =
      last.observed.live === undefined || signal === undefined ? last.decision.reason : describeSignal(signal);
    expect(said).toMatch(fault.says);
    if (last.observed.live !== undefined && last.observed.signals[0]?.kind === "unknown") {
      expect(last.decision).toMatchObject({ code: "fallback", to: fallback });
    }
    const recovered = await looks.until(isHealthy, 10);
    table.push([fault.of, fault.name, said, shown(first.decision), shown(last.decision), `${recovered} of 2`]);
    expect(recovered).toBeLessThanOrEqual(2);

    // The same zero, from a source that works: the count falls.
    if (target === "local") {
      // A supervisor has to measure a process twice before it says that it is idle.
      await until("all are idle", async () => (await looks.look()).observed.live?.idle === 3);
      await rig.empty();
      const down = [await looks.look(), await looks.look()];
      expect(down.map(({ decision: { action, reason } }) => `${action}: ${reason}`).join("; ")).toMatch(/^down|; down/);
    }
  } finally {
    sources.close();
  }
});

test("the history is written beside a Redis that says nothing, and again when it answers", async ({
  onTestFinished,
}) => {
  const rig = rigOf();
  const events = new ScalingEvents(rig.redis);
  onTestFinished(() => events.close());
  const decision = {
    agent: "writer",
    from: 1,
    to: 2,
    wanted: 2,
    action: "up",
    code: "demand",
    reason: "two wait",
  } as const;
  const changes = [{ decision: { ...decision, proposals: [], clamps: [] }, written: { ok: true, count: 2 } as const }];
  const append = () => events.append("team", { at: Date.UTC(2026, 0, 2), trigger: "push", changes });
  expect(await append()).toBeUndefined();
  const pid = await redisPid(rig);
  process.kill(pid, "SIGSTOP");
  expect(await append()).toBe("scaling:events cannot be written: no answer within 1 s");
  process.kill(pid, "SIGCONT");
  expect(await append()).toBeUndefined();
  // An entry that was sent before the server stopped may have arrived.
  const found = (await rig.client.xRange("scaling:events", "-", "+")) ?? [];
  expect(found.length).toBeGreaterThanOrEqual(2);
  expect(found[0]?.message).toEqual({
    ...{ time: "2026-01-02T00:00:00.000Z", cluster: "team", type: "writer", from: "1", to: "2", reason: "two wait" },
    trigger: "push",
  });
});

function shown({ to, code }: AgentDecision): string {
  return to === undefined ? `no write (${code})` : `3 -> ${to} (${code})`;
}

afterAll(() => {
  const widths = (table[0] ?? []).map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  console.log(
    table
      .map((row) =>
        row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join("  ")
          .trimEnd(),
      )
      .join("\n"),
  );
});
