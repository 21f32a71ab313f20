import type { Driver } from "../../drivers/driver.ts";
import { SwarmError } from "../../errors.ts";
import { poll } from "../../platform/wait.ts";
import { reachedOn } from "../instances.ts";
import type { Run } from "../run.ts";

/** A container or pod comes back by itself; what a supervisor was is started by the engine. */
const comesBackMs = 60_000;
const retryMs = 500;

/**
 * Works with a side whose server may have died: once it does not answer, it is brought up by an update that changes nothing.
 *
 * @param bringUp that update
 * @throws SwarmError SW704 where it does not come back, and whatever the work throws
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
    run.note(`${stack} does not answer: bringing it up again`);
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
