import { afterAll, beforeAll, beforeEach } from "vitest";
import { type Docker, type DockerOptions, isDocker, startDocker } from "../../tools/docker/docker.ts";
import type { Unavailable } from "../../tools/services/service.ts";

/**
 * One dockerd for all tests of a file, or of a `describe`; where there can be none they are skipped, and the report says
 * why.
 *
 * @param prepare what it needs before the first test; it too can find that something cannot be had here
 */
export function useDocker(
  options: DockerOptions = {},
  prepare: (docker: Docker) => Promise<Unavailable | undefined> = async () => undefined,
): () => Docker {
  let started: Docker | undefined;
  let missing: string | undefined;
  beforeAll(async () => {
    const answer = await startDocker(options);
    if (isDocker(answer)) {
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
    if (started === undefined) throw new Error("there is no dockerd outside of a test");
    return started;
  };
}
