import http from "node:http";
import https from "node:https";
import { pause } from "../../../platform/wait.ts";
import { ApiError, Unreachable } from "./api-error.ts";
import type { ApiConnection } from "./connection.ts";

export interface ApiRequest {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  readonly path: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly body?: unknown;
  readonly contentType?: string;
  readonly signal?: AbortSignal;
}

export interface ApiReply {
  readonly body: unknown;
  /** What the API server warns of: unknown fields, deprecated versions. */
  readonly warnings: readonly string[];
}

interface RawReply {
  readonly status: number;
  readonly text: string;
  readonly headers: http.IncomingHttpHeaders;
}

export type Api = (request: ApiRequest) => Promise<ApiReply>;

/** A server that has not answered by then is not going to (its own limit is 60 seconds). */
const answerMs = 75_000;
const connectMs = 10_000;
const maxRetries = 8;

/**
 * Requests to an API server. The bodies are plain JSON in both directions: dates stay the texts that they are.
 *
 * @throws ApiError with the server's words, or Unreachable
 */
export function openApi({ server, agent, headers }: ApiConnection): Api {
  const prefix = server.pathname.replace(/\/$/, "");

  async function send(request: ApiRequest, path: string): Promise<RawReply> {
    const body = request.body === undefined ? undefined : JSON.stringify(request.body);
    const options: https.RequestOptions = {
      method: request.method,
      agent,
      timeout: answerMs,
      headers: {
        accept: "application/json",
        "user-agent": "swarmstack-kubernetes-plugin",
        ...(body !== undefined && {
          "content-type": request.contentType ?? "application/json",
          "content-length": Buffer.byteLength(body),
        }),
        ...(await headers()),
      },
      ...(request.signal !== undefined && { signal: request.signal }),
    };
    const transport = server.protocol === "http:" ? http : https;
    return await new Promise((resolve, reject) => {
      const outgoing = transport.request(new URL(path, server), options, (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
        incoming.on("error", reject);
        incoming.on("end", () =>
          resolve({
            status: incoming.statusCode ?? 0,
            text: Buffer.concat(chunks).toString(),
            headers: incoming.headers,
          }),
        );
      });
      outgoing.on("socket", (socket) => {
        if (!socket.connecting) return;
        const late = () => outgoing.destroy(new Error(`no connection within ${connectMs / 1000} s`));
        const timer = setTimeout(late, connectMs);
        for (const event of ["connect", "close"]) socket.once(event, () => clearTimeout(timer));
      });
      outgoing.on("timeout", () => outgoing.destroy(new Error(`no answer within ${answerMs / 1000} s`)));
      outgoing.on("error", (error) => reject(Object.assign(error, { stale: outgoing.reusedSocket })));
      outgoing.end(body);
    });
  }

  async function sendOnLiveSocket(request: ApiRequest, path: string): Promise<RawReply> {
    for (;;) {
      try {
        return await send(request, path);
      } catch (error) {
        if (request.signal?.aborted) throw error;
        // The server had closed a connection that was kept open: nothing was sent.
        if (isStale(error)) continue;
        throw new Unreachable(`${verbs[request.method]} "${new URL(path, server).href}": ${reasonOf(error)}`);
      }
    }
  }

  return async (request) => {
    const path = `${prefix}${request.path}${queryOf(request.query)}`;
    for (let attempt = 0; ; attempt++) {
      const reply = await sendOnLiveSocket(request, path);
      const waitMs = retryAfterMs(reply);
      if (waitMs !== undefined && attempt < maxRetries && !request.signal?.aborted) {
        await pause(waitMs, request.signal);
        continue;
      }
      const body = parseBody(reply.text);
      if (reply.status >= 300) throw new ApiError(reply.status, body);
      return { body, warnings: warningsOf(reply.headers.warning) };
    }
  };
}

const verbs = { GET: "Get", POST: "Post", PATCH: "Patch", DELETE: "Delete" } as const;

function queryOf(query: ApiRequest["query"]): string {
  const set = Object.entries(query ?? {}).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return set.length === 0 ? "" : `?${new URLSearchParams(set)}`;
}

/** A server under load asks to come again. */
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
