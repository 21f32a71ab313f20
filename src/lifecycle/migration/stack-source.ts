import { exportDatabase, setWriteFence } from "../../drivers/control/move-calls.ts";
import { autoscaledReplicas } from "../autoscaled.ts";
import { agentsOf, quietenAll, reachedOn, resumeAll } from "../instances.ts";
import type { Run } from "../run.ts";
import type { SourcePort } from "./ports.ts";
import { retryWithRestart } from "./retry-with-restart.ts";

/** Creates the source port of a stack. */
export function stackSource(
  run: Run,
  stack: string,
  to: { readonly stack: string; readonly words: string },
): SourcePort {
  const { id } = run.operation;
  const open = () => run.update({ phase: "migrating" }, { stack });
  const restarted = <Result>(work: Parameters<typeof retryWithRestart<Result>>[3]) =>
    retryWithRestart(run, stack, open, work);
  const control = () => reachedOn(run, stack);
  return {
    control,
    async open() {
      await open();
      const counts = (await run.record(stack))?.counts ?? {};
      return { ...counts, ...(await autoscaledReplicas(run)) };
    },
    close: async () => void (await run.update({ ends: true }, { stack })),
    async quiesce() {
      const driver = await control();
      return quietenAll(driver, await agentsOf(run), run);
    },
    resume: () => restarted(async (driver) => resumeAll(driver, await agentsOf(run))),
    fence: async () => setWriteFence(await control(), "shut", id, run.signal),
    unfence: () => restarted((driver) => setWriteFence(driver, "open", id)),
    async export() {
      const driver = await control();
      return { exported: await exportDatabase(driver, run.signal), control: driver };
    },
    retire: async () => {
      await run.update({ moved: { stack: to.stack, to: to.words }, ends: true }, { stack });
    },
  };
}
