import { Agent, type IncomingMessage, request } from "node:http";
import { parseError, parseJson } from "../../agent-api/control/wire.ts";
import { SwarmError } from "../../errors.ts";

/** Where a control API answers. */
export interface Endpoint {
  /** In words, e.g. "The supervisor on port 40913". */
  readonly name: string;
  /** Undefined: the agent knows the way. */
  readonly port?: number;
  /** Undefined: who can reach it may use it. */
  readonly token?: string;
  /** Without one, each call has a connection of its own, which keeps the caller's process alive no longer than its answer takes. */
  readonly agent?: Agent;
}

export interface Call {
  readonly method: "GET" | "PUT" | "DELETE" | "POST";
  readonly path: string;
  /** Bytes are sent as they are, anything else as JSON. */
  readonly body?: unknown;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * One call of a control API; no proxy is asked.
 *
 * @returns what came: JSON parsed, or bytes.
 * @throws the SwarmError that it answered with; SW704 when there is no answer within `timeoutMs`; SW606 when aborted.
 */
export async function call(endpoint: Endpoint, { method, path, body, timeoutMs, signal }: Call): Promise<unknown> {
  const timeout = AbortSignal.timeout(timeoutMs);
  const until = signal ? AbortSignal.any([signal, timeout]) : timeout;
  const { status, type, content } = await send(endpoint, { method, path, body, signal: until }).catch((cause) => {
    if (signal?.aborted) throw new SwarmError("SW606", "The call was interrupted.", { cause });
    throw new SwarmError("SW704", `${endpoint.name} does not answer.`, { cause });
  });
  if (status < 300) return type === "application/octet-stream" ? content : parseJson(content.toString("utf8"));
  throw (
    parseError(content.toString("utf8")) ??
    new SwarmError("SW704", `${endpoint.name} answers with HTTP ${status}: it is something else.`)
  );
}

interface Answer {
  readonly status: number;
  readonly type: string | undefined;
  readonly content: Buffer;
}

async function send(endpoint: Endpoint, outgoing: Omit<Call, "timeoutMs">): Promise<Answer> {
  const incoming = await begin(endpoint, outgoing);
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const type = incoming.headers["content-type"]?.split(";")[0];
  return { status: incoming.statusCode ?? 0, type, content: Buffer.concat(chunks) };
}

/** Sends a request; the answer is read by the caller. */
export function begin(
  { port, token, agent = new Agent({ keepAlive: false }) }: Endpoint,
  { method, path, body, signal }: Omit<Call, "timeoutMs">,
): Promise<IncomingMessage> {
  const isBytes = body instanceof Uint8Array;
  const payload = body === undefined ? undefined : isBytes ? body : Buffer.from(JSON.stringify(body));
  const headers = {
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
    ...(payload !== undefined && {
      "content-type": isBytes ? "application/octet-stream" : "application/json",
      "content-length": payload.length,
    }),
  };
  const where = { host: "127.0.0.1", ...(port !== undefined && { port }), method, path, headers, agent };
  return new Promise((resolve, reject) => {
    const sent = request({ ...where, ...(signal && { signal }) }, resolve);
    sent.on("error", reject);
    // A request that has no connection yet says nothing when it is aborted.
    signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
    sent.end(payload);
  });
}
