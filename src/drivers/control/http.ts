import { Agent, type IncomingMessage, request } from "node:http";
import { parseError, parseJson } from "../../agent-api/control/wire.ts";
import { SwarmError } from "../../errors.ts";

/** Address of a control API. */
export interface Endpoint {
  /** Name in messages, e.g. "the supervisor on port 40913". */
  readonly name: string;
  /** Undefined: the agent makes the connection, or it is at a socket. */
  readonly port?: number | undefined;
  /** Path of a Unix socket, instead of a port. */
  readonly socketPath?: string;
  /** Undefined: access to the connection is enough. */
  readonly token?: string;
  /**
   * Without an agent, each call uses a new connection, which does not keep the caller's process alive after its
   * answer.
   */
  readonly agent?: Agent;
}

export interface Call {
  readonly method: "GET" | "PUT" | "DELETE" | "POST";
  readonly path: string;
  /** Bytes are sent unchanged, other values as JSON. */
  readonly body?: unknown;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Calls a control API directly, without a proxy.
 * @returns the answer: parsed JSON, or bytes.
 * @throws the SwarmError in the answer; SW704 without an answer within `timeoutMs`; SW606 when aborted.
 */
export async function call(endpoint: Endpoint, { method, path, body, timeoutMs, signal }: Call): Promise<unknown> {
  const timeout = AbortSignal.timeout(timeoutMs);
  const until = signal ? AbortSignal.any([signal, timeout]) : timeout;
  const { status, type, content } = await send(endpoint, { method, path, body, signal: until }).catch((cause) => {
    if (signal?.aborted) throw new SwarmError("SW606", "the call was interrupted", { cause });
    throw new SwarmError("SW704", `${endpoint.name} does not answer`, { cause });
  });
  if (status < 300) return type === "application/octet-stream" ? content : parseJson(content.toString("utf8"));
  throw (
    parseError(content.toString("utf8")) ??
    new SwarmError("SW704", `unexpected HTTP ${status} from ${endpoint.name}: not a Swarmstack server`)
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

/** Sends a request; the caller reads the answer. */
export function begin(
  { port, socketPath, token, agent = new Agent({ keepAlive: false }) }: Endpoint,
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
  const where = {
    host: "127.0.0.1",
    ...(port !== undefined && { port }),
    ...(socketPath !== undefined && { socketPath }),
    method,
    path,
    headers,
    agent,
  };
  return new Promise((resolve, reject) => {
    const sent = request({ ...where, ...(signal && { signal }) }, resolve);
    sent.on("error", reject);
    // A request without a connection emits nothing when it is aborted.
    signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
    sent.end(payload);
  });
}
