import { Agent, request } from "node:http";
import { SwarmError } from "../../errors.ts";
import { parseError, parseJson } from "./wire.ts";

export interface Endpoint {
  readonly port: number;
  readonly token: string;
}

export interface Call {
  readonly method: "GET" | "PUT" | "DELETE" | "POST";
  readonly path: string;
  readonly body?: unknown;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * One call to a supervisor, on a connection of its own: nothing keeps the caller's process alive, and no proxy is asked.
 *
 * @throws the SwarmError that the supervisor answered with; SW704 when it does not answer within `timeoutMs`; SW606 when aborted.
 */
export async function call(endpoint: Endpoint, { method, path, body, timeoutMs, signal }: Call): Promise<unknown> {
  const payload = body === undefined ? undefined : JSON.stringify(body);
  const timeout = AbortSignal.timeout(timeoutMs);
  const { status, text } = await send(
    endpoint,
    method,
    path,
    payload,
    signal ? AbortSignal.any([signal, timeout]) : timeout,
  ).catch((cause) => {
    if (signal?.aborted) throw new SwarmError("SW606", "The call to the supervisor was interrupted.", { cause });
    throw new SwarmError("SW704", `The supervisor on port ${endpoint.port} does not answer.`, {
      cause,
      values: { port: endpoint.port },
    });
  });
  if (status < 300) return parseJson(text);
  throw (
    parseError(text) ??
    new SwarmError("SW704", `What answers on port ${endpoint.port} is no supervisor (HTTP ${status}).`, {
      values: { port: endpoint.port },
    })
  );
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

function send(
  endpoint: Endpoint,
  method: string,
  path: string,
  payload: string | undefined,
  signal: AbortSignal,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = {
      authorization: `Bearer ${endpoint.token}`,
      ...(payload !== undefined && {
        "content-type": "application/json",
        "content-length": Buffer.byteLength(payload),
      }),
    };
    const agent = new Agent({ keepAlive: false });
    const outgoing = request(
      { host: "127.0.0.1", port: endpoint.port, method, path, headers, agent, signal },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
        incoming.on("error", reject);
        incoming.on("end", () =>
          resolve({ status: incoming.statusCode ?? 0, text: Buffer.concat(chunks).toString("utf8") }),
        );
      },
    );
    outgoing.on("error", reject);
    outgoing.end(payload);
  });
}
