import { afterAll, beforeAll, beforeEach } from "vitest";
import {
  type ControlPlane,
  type ControlPlaneOptions,
  isAvailable,
  startControlPlane,
} from "../../tools/control-plane/control-plane.ts";
import type { Unavailable } from "../../tools/services/service.ts";

/**
 * One control plane for all tests of a file, or of a `describe`; where there can be none they are skipped, and the report
 * says why.
 */
export function useControlPlane(options: ControlPlaneOptions = {}): () => ControlPlane {
  let started: ControlPlane | Unavailable | undefined;
  beforeAll(async () => {
    started = await startControlPlane({ onProgress: toldNowAndThen(), ...options });
    if (!isAvailable(started)) process.stderr.write(`skipped: ${started.unavailable}\n`);
  });
  beforeEach(({ skip }) => {
    if (started !== undefined && !isAvailable(started)) skip(started.unavailable);
  });
  afterAll(async () => {
    if (started !== undefined && isAvailable(started)) await started.stop();
  });
  return () => {
    if (started === undefined || !isAvailable(started)) throw new Error("there is no control plane outside of a test");
    return started;
  };
}

/** Progress on the screen, every 15 seconds. */
function toldNowAndThen(): NonNullable<ControlPlaneOptions["onProgress"]> {
  let told = 0;
  return ({ message, elapsedMs }) => {
    if (elapsedMs - told < 15_000) return;
    told = elapsedMs;
    process.stderr.write(`${message} (${Math.round(elapsedMs / 1000)} s)\n`);
  };
}
