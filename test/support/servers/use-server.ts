import { afterAll, beforeAll, beforeEach } from "vitest";
import type { Unavailable } from "../../../tools/services/service.ts";
import { isUnavailable, requireServers } from "./required.ts";

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
  const server = useAvailable(what, async () => {
    const answer = await start();
    if (isUnavailable(answer)) return answer;
    started = answer;
    return (await prepare(answer)) ?? answer;
  });
  afterAll(() => started?.stop());
  return server;
}

/** The same of a server that is started and stopped elsewhere, such as one that is shared by the suites of a run. */
export function useAvailable<Server extends object>(
  what: string,
  find: () => Promise<Server | Unavailable>,
): () => Server {
  let found: Server | Unavailable | undefined;
  beforeAll(async () => {
    found = await find();
    requireServers({ [what]: found });
    if (isUnavailable(found)) process.stderr.write(`skipped: ${found.unavailable}\n`);
  });
  beforeEach(({ skip }) => {
    if (found !== undefined && isUnavailable(found)) skip(found.unavailable);
  });
  return () => {
    if (found === undefined || isUnavailable(found)) throw new Error(`there is no ${what} outside of a test`);
    return found;
  };
}
