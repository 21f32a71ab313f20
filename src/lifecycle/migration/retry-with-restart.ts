import type { Driver } from "../../drivers/driver.ts";
import { SwarmError } from "../../errors.ts";
import { poll } from "../../platform/wait.ts";
import { reachedOn } from "../instances.ts";
import type { Run } from "../run.ts";

/** Time for a restart: containers and pods restart by themselves, the engine restarts a supervisor. */
const comesBackMs = 60_000;
const retryMs = 500;

/**
 * Calls `work` with the driver of a stack. If its agent server does not respond, restarts it with `bringUp` and retries.
 *
 * @param bringUp an update without changes
 * @throws SwarmError SW704 when the server does not restart, and the errors of `work`
 */
export async function retryWithRestart<Result>(
  run: Run,
  stack: string,
  bringUp: () => Promise<unknown>,
  work: (driver: Driver) => Promise<Result>,
): Promise<Result> {
  try {
    return await work(await reachedOn(run, stack));
  } catch (error) {
    if (!isSilence(error)) throw error;
    run.note(`the agent server of ${stack} does not respond: restarting it`);
  }
  await bringUp();
  let silence: unknown;
  const done = await poll(
    async () => {
      try {
        return { result: await work(await reachedOn(run, stack)) };
      } catch (error) {
        if (!isSilence(error)) throw error;
        silence = error;
        return undefined;
      }
    },
    { deadlineMs: comesBackMs, intervalMs: retryMs, signal: run.signal },
  );
  if (done === undefined) throw silence;
  return done.result;
}

function isSilence(error: unknown): boolean {
  return error instanceof SwarmError && error.code === "SW704";
}
