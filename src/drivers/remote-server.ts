import { z } from "zod";
import { instanceReportSchema } from "../agent-api/status.ts";
import { SwarmError } from "../errors.ts";
import { pause } from "../platform/wait.ts";
import { answerMs, type Control } from "./control/control.ts";
import { call } from "./control/http.ts";
import { DialAgent, type Dialled, type DialStreams, NotDialled } from "./dial.ts";

/** Includes the start of a program on the remote machine. */
const dialMs = 15_000;
/** Attempts to dial: a busy daemon occasionally fails to start the command, before any request is sent. */
const mostDials = 4;
const redialMs = 500;

const statusSchema = z.object({
  agents: z.array(z.object({ key: z.string(), resource: z.string(), role: z.string(), name: z.string() })),
  instances: z.record(z.string(), instanceReportSchema),
});

/** Status of the registered instances of an agent server. */
export type ServerStatus = z.infer<typeof statusSchema>;

/** The control API of a remote agent server. */
export interface RemoteServer extends Control {
  /** Undefined when it does not answer: instances run without it. */
  status(signal: AbortSignal | undefined): Promise<ServerStatus | undefined>;
  close(): void;
}

/**
 * Connects to the agent server of a cluster.
 * @param run runs `dialCommand` on the server's machine.
 * @throws SwarmError SW704 when there is no server.
 */
export function remoteServer(resource: string, run: (streams: DialStreams) => Promise<Dialled>): RemoteServer {
  const agent = new DialAgent(run);
  const server = { name: `the agent server of ${resource}`, agent };
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

/** Adds the error output of the dial command to an error without an answer. */
function reasonOfSilence(error: unknown): never {
  if (!(error instanceof SwarmError) || error.code !== "SW704") throw error;
  const { cause } = error;
  if (cause instanceof SwarmError) throw cause;
  const reason = cause instanceof Error && cause.message !== "" ? ` ${cause.message}` : "";
  throw new SwarmError("SW704", `${error.message}${reason}`, { cause, hints: error.hints, values: error.values });
}
