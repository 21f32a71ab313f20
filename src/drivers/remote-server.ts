import { z } from "zod";
import { instanceReportSchema } from "../agent-api/status.ts";
import { SwarmError } from "../errors.ts";
import { pause } from "../platform/wait.ts";
import { answerMs, type Control } from "./control/control.ts";
import { call } from "./control/http.ts";
import { DialAgent, type Dialled, type DialStreams, NotDialled } from "./dial.ts";

/** A program is started there for the first call. */
const dialMs = 15_000;
/** A busy daemon fails to start one now and then; nothing has been asked then. */
const mostDials = 4;
const redialMs = 500;

const statusSchema = z.object({
  agents: z.array(z.object({ key: z.string(), resource: z.string(), role: z.string(), name: z.string() })),
  instances: z.record(z.string(), instanceReportSchema),
});

/** What an agent server tells of the instances that have registered. */
export type ServerStatus = z.infer<typeof statusSchema>;

/** The control API of an agent server that runs elsewhere. */
export interface RemoteServer extends Control {
  /** Undefined where it does not answer: instances live without it. */
  status(signal: AbortSignal | undefined): Promise<ServerStatus | undefined>;
  close(): void;
}

/** @param run runs `dialCommand` beside the server of a cluster. @throws SwarmError SW704 where there is none */
export function remoteServer(resource: string, run: (streams: DialStreams) => Promise<Dialled>): RemoteServer {
  const agent = new DialAgent(run);
  const server = { name: `The agent server of ${resource}`, agent };
  const ask: Control["ask"] = async (request, timeoutMs = answerMs) => {
    for (let dial = 1; ; dial++) {
      try {
        return await call(server, { ...request, timeoutMs: timeoutMs + dialMs });
      } catch (error) {
        const isLost = !(error instanceof SwarmError && error.cause instanceof NotDialled);
        if (isLost || dial === mostDials) return reasonOfSilence(error);
        await pause(redialMs, request.signal);
      }
    }
  };
  return {
    ask,
    async status(signal) {
      try {
        return statusSchema.parse(await ask({ method: "GET", path: "/v1/status", signal }));
      } catch (error) {
        if (error instanceof SwarmError && error.code === "SW704") return undefined;
        throw error;
      }
    },
    close: () => agent.destroy(),
  };
}

/** Why nobody answers is known to whoever dialled. */
function reasonOfSilence(error: unknown): never {
  if (!(error instanceof SwarmError) || error.code !== "SW704") throw error;
  const { cause } = error;
  if (cause instanceof SwarmError) throw cause;
  const reason = cause instanceof Error && cause.message !== "" ? ` ${cause.message}` : "";
  throw new SwarmError("SW704", `${error.message}${reason}`, { cause, hints: error.hints, values: error.values });
}
