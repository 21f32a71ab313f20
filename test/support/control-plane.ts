import { afterAll, beforeAll, beforeEach } from "vitest";
import {
  type ControlPlane,
  type ControlPlaneOptions,
  isAvailable,
  startControlPlane,
} from "../../tools/control-plane/control-plane.ts";
import type { Unavailable } from "../../tools/services/service.ts";
import { toldNowAndThen } from "./told.ts";

/**
 * One control plane for all tests of a file, or of a `describe`; where there can be none they are skipped, and the report
 * says why.
 *
 * @param prepare what it needs before the first test; it too can find that something cannot be had here
 */
export function useControlPlane(
  options: ControlPlaneOptions = {},
  prepare: (plane: ControlPlane) => Promise<Unavailable | undefined> = async () => undefined,
): () => ControlPlane {
  let started: ControlPlane | undefined;
  let missing: string | undefined;
  beforeAll(async () => {
    const answer = await startControlPlane({ onProgress: toldNowAndThen("control plane"), ...options });
    if (isAvailable(answer)) {
      started = answer;
      missing = (await prepare(answer))?.unavailable;
    } else missing = answer.unavailable;
    if (missing !== undefined) process.stderr.write(`skipped: ${missing}\n`);
  });
  beforeEach(({ skip }) => {
    if (missing !== undefined) skip(missing);
  });
  afterAll(() => started?.stop());
  return () => {
    if (started === undefined) throw new Error("there is no control plane outside of a test");
    return started;
  };
}
