import { scalePool, supervisorStatus } from "../../drivers/process/client.ts";
import type { Actuator, Write, Written } from "./actuator.ts";
import { notApplied } from "./not-applied.ts";

/** Writes the counts of a local cluster to its supervisor, which lets busy instances finish; `dir` is its site. */
export function poolActuator(dir: string): Actuator {
  return {
    async apply(writes, signal) {
      try {
        const { pools } = await supervisorStatus(dir, signal);
        const generations = new Map(pools.map(({ agent, generation }) => [agent, generation]));
        return await Promise.all(writes.map((write) => apply(write, generations.get(write.agent))));
      } catch (error) {
        return writes.map(() => notApplied(error));
      }

      async function apply({ agent, uid, generation, seq, count }: Write, own: number | undefined): Promise<Written> {
        if (own === undefined) return { ok: false, code: "moved-on", reason: `agent ${agent} does not exist` };
        if (own > generation) {
          return { ok: false, code: "moved-on", reason: `its generation is ${own}, not ${generation}` };
        }
        try {
          // A pool keeps the generation of its own last change, which is its fence.
          const { wanted } = await scalePool(dir, agent, { uid, generation: own, seq, count }, signal);
          return { ok: true, count: wanted };
        } catch (error) {
          return notApplied(error);
        }
      }
    },
  };
}
