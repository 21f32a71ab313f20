import { readFileSync } from "node:fs";
import { type IncomingMessage, request as requestHttp } from "node:http";
import { buffer } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";
import { proveServer } from "./prove-server.ts";

const { SWARM_API = "", SWARM_API_SOCKET = "", SWARM_TOKEN_FILE = "" } = process.env;
const hasSocket = SWARM_API_SOCKET !== "";
const base = hasSocket ? "http://localhost" : SWARM_API;
const longestPauseMs = 5_000;

/** The API has refused a call. */
export class Refused extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** Not `fetch`: loading it takes as long as the rest of the start of a process, and many processes start at once. */
const request = base.startsWith("https:") ? (await import("node:https")).request : requestHttp;

/**
 * Calls the agent API. Retried without an answer: every call is idempotent.
 * @throws Refused
 */
export async function call<Reply>(
  method: string,
  path: string,
  body?: object | Uint8Array,
  signal?: AbortSignal,
): Promise<Reply> {
  for (let attempt = 0; ; attempt++) {
    try {
      return (await callOnce(method, path, body, signal)) as Reply;
    } catch (error) {
      if (error instanceof Refused || signal?.aborted) throw error;
    }
    await delay(Math.min(100 * 2 ** attempt, longestPauseMs), undefined, signal && { signal });
  }
}

async function callOnce(
  method: string,
  path: string,
  body: object | Uint8Array | undefined,
  signal: AbortSignal | undefined,
): Promise<unknown> {
  const bytes = body instanceof Uint8Array;
  if (hasSocket) proveServer(SWARM_API_SOCKET, SWARM_TOKEN_FILE);
  // Read each time: the file is renewed before the token expires.
  const headers = { authorization: `Bearer ${readFileSync(SWARM_TOKEN_FILE, "utf8")}` };
  const type = bytes ? "application/octet-stream" : "application/json";
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const options = {
      method,
      headers: body === undefined ? headers : { ...headers, "content-type": type },
      ...(hasSocket && { socketPath: SWARM_API_SOCKET }),
      ...(signal && { signal }),
    };
    const call = request(`${base}/agent/v1${path}`, options, resolve).on("error", reject);
    call.end(body === undefined || bytes ? body : JSON.stringify(body));
  });
  const { statusCode: status = 0, statusMessage = "" } = response;
  const received = await buffer(response);
  const isJson = response.headers["content-type"]?.startsWith("application/json") ?? false;
  const content: unknown = isJson ? JSON.parse(received.toString()) : new Uint8Array(received);
  if (status >= 200 && status < 300) return content;
  const { code = "", message = statusMessage } = content as { code?: string; message?: string };
  // 401: the token has just expired, and its file will be renewed; 429: too many concurrent calls.
  if (status >= 500 || status === 429 || status === 401) throw new Error(message);
  throw new Refused(code, message);
}
