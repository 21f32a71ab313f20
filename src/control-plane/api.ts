import http from "node:http";
import https from "node:https";
import { text as readText } from "node:stream/consumers";
import { pause } from "../platform/wait.ts";
import type { ApiConnection } from "./connection.ts";
import { ApiFailure, Unreachable } from "./failure.ts";

export interface ApiRequest {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  readonly path: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly body?: unknown;
  readonly contentType?: string;
  readonly signal?: AbortSignal | undefined;
}

export interface ApiReply {
  /** Plain JSON: dates stay strings. */
  readonly body: unknown;
  /** Warnings of the API server: unknown fields, deprecated versions. */
  readonly warnings: readonly string[];
}

export interface StreamRequest extends Pick<ApiRequest, "path" | "query" | "signal"> {
  /** A stream without data for this long ends with an error; undefined: no limit. */
  readonly idleMs?: number;
}

/**
 * Requests to an API server.
 *
 * @throws ApiFailure with the server's message, Unreachable (SW612) if it does not answer
 */
export interface Api {
  request(request: ApiRequest): Promise<ApiReply>;
  /** GET of an endless or non-JSON response: watches and logs. Resolves with its head; the signal ends it. */
  stream(request: StreamRequest): Promise<http.IncomingMessage>;
}

interface Sending extends ApiRequest {
  readonly agent: http.Agent;
  readonly idleMs: number | undefined;
}

/** Time limit for a response; the server's own limit is 60 seconds. */
const answerMs = 75_000;
const connectMs = 10_000;
const maxRetries = 8;

export function openApi({ server, agent, streamAgent, headers }: ApiConnection): Api {
  const prefix = server.pathname.replace(/\/$/, "");

  /** Resolves with the head of the answer. */
  async function send(request: Sending, path: string): Promise<http.IncomingMessage> {
    const body = request.body === undefined ? undefined : JSON.stringify(request.body);
    const options: https.RequestOptions = {
      method: request.method,
      agent: request.agent,
      headers: {
        accept: "application/json, */*",
        "user-agent": "swarmstack",
        ...(body !== undefined && {
          "content-type": request.contentType ?? "application/json",
          "content-length": Buffer.byteLength(body),
        }),
        ...(await headers()),
      },
      ...(request.signal !== undefined && { signal: request.signal }),
    };
    const transport = server.protocol === "http:" ? http : https;
    let limitMs = answerMs;
    return await new Promise((resolve, reject) => {
      const outgoing = transport.request(new URL(path, server), options, (incoming) => {
        limitMs = request.idleMs ?? 0;
        outgoing.setTimeout(limitMs);
        resolve(incoming);
      });
      outgoing.setTimeout(limitMs);
      outgoing.on("socket", (socket) => {
        if (!socket.connecting) return;
        const late = () => outgoing.destroy(new Error(`no connection within ${connectMs / 1000} s`));
        const timer = setTimeout(late, connectMs);
        for (const event of ["connect", "close"]) socket.once(event, () => clearTimeout(timer));
      });
      outgoing.on("timeout", () => outgoing.destroy(new Error(`no answer within ${limitMs / 1000} s`)));
      outgoing.on("error", (error) => reject(Object.assign(error, { stale: outgoing.reusedSocket })));
      outgoing.end(body);
    });
  }

  /** @param read may fail with the connection's error */
  async function sendOnLiveSocket<Result>(
    request: Sending,
    path: string,
    read: (incoming: http.IncomingMessage) => Promise<Result>,
  ): Promise<Result> {
    for (;;) {
      try {
        return await read(await send(request, path));
      } catch (error) {
        if (request.signal?.aborted || error instanceof ApiFailure) throw error;
        // The server had closed the kept connection, so nothing was sent.
        if (isStale(error)) continue;
        const detail = `${verbs[request.method]} "${new URL(path, server).href}": ${reasonOf(error)}`;
        throw new Unreachable(detail, `the control plane ${server.href} does not answer: ${detail}`);
      }
    }
  }

  return {
    async request(request) {
      const path = `${prefix}${request.path}${queryOf(request.query)}`;
      for (let attempt = 0; ; attempt++) {
        const reply = await sendOnLiveSocket({ ...request, agent, idleMs: answerMs }, path, readReply);
        const waitMs = retryAfterMs(reply);
        if (waitMs !== undefined && attempt < maxRetries && !request.signal?.aborted) {
          await pause(waitMs, request.signal);
          continue;
        }
        const body = parseBody(reply.text);
        if (reply.status >= 300) throw new ApiFailure(reply.status, body);
        return { body, warnings: warningsOf(reply.headers.warning) };
      }
    },

    async stream({ path, query, signal, idleMs }) {
      const target = `${prefix}${path}${queryOf(query)}`;
      const sending: Sending = { method: "GET", path, signal, agent: streamAgent, idleMs };
      return await sendOnLiveSocket(sending, target, async (incoming) => {
        const { statusCode = 0 } = incoming;
        if (statusCode >= 300) throw new ApiFailure(statusCode, parseBody(await readText(incoming)));
        return incoming;
      });
    },
  };
}

interface RawReply {
  readonly status: number;
  readonly text: string;
  readonly headers: http.IncomingHttpHeaders;
}

async function readReply(incoming: http.IncomingMessage): Promise<RawReply> {
  return { status: incoming.statusCode ?? 0, text: await readText(incoming), headers: incoming.headers };
}

const verbs = { GET: "Get", POST: "Post", PATCH: "Patch", DELETE: "Delete" } as const;

function queryOf(query: ApiRequest["query"]): string {
  const set = Object.entries(query ?? {}).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return set.length === 0 ? "" : `?${new URLSearchParams(set)}`;
}

/** Delay that a server under load requests. */
function retryAfterMs({ status, headers }: RawReply): number | undefined {
  if (status !== 429 && status !== 503) return undefined;
  const seconds = Number(headers["retry-after"]);
  return Number.isFinite(seconds) && headers["retry-after"] !== undefined ? Math.max(seconds, 0.1) * 1000 : undefined;
}

function parseBody(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** `299 - "unknown field \"spec.foo\"", 299 - "..."` (RFC 7234, section 5.5). */
function warningsOf(header: string | string[] | undefined): string[] {
  const text = Array.isArray(header) ? header.join(", ") : (header ?? "");
  return [...text.matchAll(/\d{3} \S+ "((?:[^"\\]|\\.)*)"/g)].map(([, quoted = ""]) =>
    quoted.replaceAll(/\\(.)/g, "$1"),
  );
}

function isStale(error: unknown): boolean {
  const { code, stale } = error as NodeJS.ErrnoException & { stale?: boolean };
  return stale === true && (code === "ECONNRESET" || code === "EPIPE");
}

function reasonOf(error: unknown): string {
  const { code, message, errors } = error as NodeJS.ErrnoException & { errors?: readonly Error[] };
  const detail = message || errors?.map((each) => each.message).join("; ") || code || "no answer";
  return code === "ECONNREFUSED" ? `${detail}: connection refused` : detail;
}
