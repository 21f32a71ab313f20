import { readLedger, turnGate } from "../../runtime/control/move-calls.ts";
import { autoscaledCounts } from "../autoscaled.ts";
import { agentsOf, quietenAll, reachedOn, resumeAll } from "../instances.ts";
import type { Run } from "../run.ts";
import type { SourcePort } from "./ports.ts";
import { reviving } from "./reviving.ts";

/** A stack of ours that a cluster leaves. */
export function stackSource(
  run: Run,
  stack: string,
  to: { readonly stack: string; readonly words: string },
): SourcePort {
  const { id } = run.operation;
  const open = () => run.update({ phase: "migrating" }, { stack });
  const revived = <Result>(work: Parameters<typeof reviving<Result>>[3]) => reviving(run, stack, open, work);
  const control = () => reachedOn(run, stack);
  return {
    control,
    async open() {
      await open();
      const counts = (await run.record(stack))?.counts ?? {};
      return { ...counts, ...(await autoscaledCounts(run)) };
    },
    close: async () => void (await run.update({ ends: true }, { stack })),
    async quiesce() {
      const driver = await control();
      return quietenAll(driver, await agentsOf(run), run);
    },
    resume: () => revived(async (driver) => resumeAll(driver, await agentsOf(run))),
    fence: async () => turnGate(await control(), "shut", id, run.signal),
    unfence: () => revived((driver) => turnGate(driver, "open", id)),
    async export() {
      const driver = await control();
      return { carried: await readLedger(driver, run.signal), control: driver };
    },
    retire: async () => {
      await run.update({ moved: { stack: to.stack, to: to.words }, ends: true }, { stack });
    },
  };
}
