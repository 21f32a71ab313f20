import type { Write, Written } from "../actuators/actuator.ts";
import { unknown } from "../signal.ts";
import type { Bell } from "./bell.ts";
import type { ScaledCluster } from "./scaled-cluster.ts";

export const windowMs = 10_000;

/** A cluster of one agent, 0-9, one task an instance; the target has what was written last. */
export class Team implements ScaledCluster {
  readonly id: string;
  readonly version: number;
  readonly name = "team";
  readonly identity = { uid: "u", generation: 3 };
  readonly written: Write[][] = [];
  count = 0;
  waiting: number | undefined = 0;
  answer: Written | undefined;

  bell: Bell | undefined;
  isClosed = false;

  constructor(id = "c", version = 1) {
    this.id = id;
    this.version = version;
  }

  config = async () => ({
    agents: [
      {
        ...{ agent: "writer", role: "worker" as const, reportsTo: undefined, min: 0, max: 9, pin: undefined },
        rules: {
          signals: [{ metric: "task_queue_length" as const, scaleUpThreshold: 0, scaleDownThreshold: 0 }],
          ...{ cooldownMs: 0, windowMs, tolerance: 0, maxStep: undefined, panicFactor: 100, failForMs: windowMs },
          fallback: undefined,
        },
      },
    ],
    ...{ minWorkers: 0, maxWorkers: 99, ceilings: [], pause: undefined },
  });

  observe = async () => {
    const waiting =
      this.waiting === undefined ? unknown("Redis is gone") : ({ kind: "value", value: this.waiting } as const);
    const live = { desired: this.count, starting: 0, idle: this.count, busy: 0, failed: 0 };
    return {
      at: 0,
      agents: { writer: { live, waiting, leased: { kind: "value", value: 0 } as const, signals: [waiting] } },
    };
  };

  actuator = {
    apply: async (writes: readonly Write[]) => {
      this.written.push([...writes]);
      return writes.map(({ count }): Written => {
        if (this.answer === undefined) this.count = count;
        return this.answer ?? { ok: true, count };
      });
    },
  };

  listen(bell: Bell): void {
    this.bell = bell;
  }

  async close(): Promise<void> {
    this.isClosed = true;
  }
}
