import { afterAll, beforeAll, beforeEach } from "vitest";
import type { Unavailable } from "../../../tools/services/service.ts";
import { isUnavailable, requireServers } from "./required.ts";

/**
 * Starts one server for all tests of a file or `describe`; skips them with the reason if it is unavailable.
 *
 * @param what name of the server, for the error when it is used outside of a test
 * @param start starts the server, or returns the reason why it is unavailable
 * @param prepare runs before the first test; may also return a reason
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

/** Does the same for a server that is started and stopped elsewhere, such as a shared server of the run. */
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
    if (found === undefined || isUnavailable(found)) throw new Error(`the ${what} is available only within a test`);
    return found;
  };
}
