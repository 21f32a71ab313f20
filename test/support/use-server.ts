import { afterAll, beforeAll, beforeEach } from "vitest";
import type { Unavailable } from "../../tools/services/service.ts";

/**
 * One server for all tests of a file, or of a `describe`; where there can be none they are skipped, and the report says why.
 *
 * @param what for the message when it is asked for outside of a test
 * @param start starts it, or tells why it cannot be had here
 * @param prepare what it needs before the first test; it too can find that something cannot be had here
 */
export function useServer<Server extends { stop(): Promise<void> }>(
  what: string,
  start: () => Promise<Server | Unavailable>,
  prepare: (server: Server) => Promise<Unavailable | undefined> = async () => undefined,
): () => Server {
  let started: Server | undefined;
  let missing: string | undefined;
  beforeAll(async () => {
    const answer = await start();
    if ("unavailable" in answer) missing = answer.unavailable;
    else {
      started = answer;
      missing = (await prepare(answer))?.unavailable;
    }
    if (missing !== undefined) process.stderr.write(`skipped: ${missing}\n`);
  });
  beforeEach(({ skip }) => {
    if (missing !== undefined) skip(missing);
  });
  afterAll(() => started?.stop());
  return () => {
    if (started === undefined) throw new Error(`there is no ${what} outside of a test`);
    return started;
  };
}
