import { agentsOf, drainAll, reached, resumeAll, verifyCheckpoints } from "../instances.ts";
import type { Step } from "../run.ts";

/**
 * All or nothing: until the state of every instance is saved and has been read back, nothing has ended, and a failure
 * brings all back to work. Then the counts fall to nothing; what they were is kept.
 */
export const hibernate: readonly Step[] = [
  {
    // No program of anybody else runs from here on, and no destroy by hand.
    name: "open",
    undoes: true,
    run: async (run) => {
      await run.update({ phase: "hibernating" });
      return undefined;
    },
    undo: async (run) => void (await run.update({ ends: true })),
  },
  {
    name: "drain",
    undoes: true,
    run: async (run) => {
      await drainAll(await reached(run), await agentsOf(run), run);
      return undefined;
    },
    undo: async (run) => resumeAll(await reached(run), await agentsOf(run)),
  },
  {
    name: "checkpoint",
    undoes: true,
    run: async (run) => verifyCheckpoints(await reached(run), await agentsOf(run), run),
  },
  {
    name: "sleep",
    run: async (run) => {
      await run.update({ power: "hibernated", ends: true });
      return undefined;
    },
    undo: async (run) => void (await run.update({ power: "active" })),
  },
];
