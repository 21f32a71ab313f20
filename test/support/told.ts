import type { EngineProgress } from "../../src/stacks/engine/model.ts";

/** Shows the progress of a long build on the screen, every 15 seconds. */
export function toldNowAndThen(subject: string): (progress: EngineProgress) => void {
  let told = 0;
  return ({ phase, message, elapsedMs }) => {
    if (elapsedMs - told < 15_000) return;
    told = elapsedMs;
    process.stderr.write(`${subject}: ${phase} ${message} (${Math.round(elapsedMs / 1000)} s)\n`);
  };
}
