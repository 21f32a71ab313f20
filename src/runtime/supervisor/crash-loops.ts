import type { PoolStatus } from "../status.ts";

/** Restarts during one wait after which an instance is taken for one that cannot run: about 15 s, by the back-off. */
const hopelessRestarts = 5;

/** Tells which instances of a pool end again and again while somebody waits for them. */
export class CrashLoops {
  readonly #first = new Map<string, number>();

  /** Instances that wait to be started again, and were started again `hopelessRestarts` times since they were first seen here. */
  hopeless({ instances }: PoolStatus): readonly string[] {
    return instances.flatMap(({ id, restarts, state }) => {
      const first = this.#first.get(id) ?? restarts;
      this.#first.set(id, first);
      return state === "backing-off" && restarts - first >= hopelessRestarts ? [id] : [];
    });
  }
}
