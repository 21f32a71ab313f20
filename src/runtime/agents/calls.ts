import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

const { SWARM_API = "", SWARM_TOKEN_FILE = "" } = process.env;
const longestPauseMs = 5_000;

/** The API has understood a call, and says no. */
export class Refused extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** One call of the agent API. Without an answer it is made again: every call may be repeated. @throws Refused */
export async function call<Reply>(
  method: string,
  path: string,
  body?: object | Uint8Array<ArrayBuffer>,
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
  body: object | Uint8Array<ArrayBuffer> | undefined,
  signal: AbortSignal | undefined,
): Promise<unknown> {
  const bytes = body instanceof Uint8Array;
  // Read each time: the file is renewed before the token expires.
  const headers = { authorization: `Bearer ${readFileSync(SWARM_TOKEN_FILE, "utf8")}` };
  const type = bytes ? "application/octet-stream" : "application/json";
  const response = await fetch(`${SWARM_API}/agent/v1${path}`, {
    method,
    headers: body === undefined ? headers : { ...headers, "content-type": type },
    ...(body !== undefined && { body: bytes ? body : JSON.stringify(body) }),
    ...(signal && { signal }),
  });
  const isJson = response.headers.get("content-type")?.startsWith("application/json") ?? false;
  const content: unknown = isJson ? await response.json() : new Uint8Array(await response.arrayBuffer());
  if (response.ok) return content;
  const { code = "", message = response.statusText } = content as { code?: string; message?: string };
  // 401: the token has just expired, and its file will be renewed; 429: too many calls at once.
  if (response.status >= 500 || response.status === 429 || response.status === 401) throw new Error(message);
  throw new Refused(code, message);
}
