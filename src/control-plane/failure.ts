import { SwarmError } from "../errors.ts";
import { isRecord, recordsAt, textAt } from "../platform/json.ts";

/** A refusal of the API server, with its message. */
export class ApiFailure extends Error {
  override readonly name = "ApiFailure";
  readonly status: number;
  /** The machine-readable reason of its Status (`AlreadyExists`, `Conflict`); undefined when it sent none. */
  readonly reason: string | undefined;
  readonly causes: readonly Record<string, unknown>[];

  constructor(status: number, body: unknown, cause?: unknown) {
    super(messageOf(status, body), { cause });
    this.status = status;
    this.reason = isRecord(body) ? textAt(body, "reason") : undefined;
    this.causes = recordsAt(body, "details", "causes");
  }
}

/** Message of a response, which is not a Status if it comes from a proxy or is "404 page not found". */
function messageOf(status: number, body: unknown): string {
  const text = textAt(body, "message") ?? (typeof body === "string" ? body.trim().slice(0, 500) : "");
  return text === "" ? `HTTP status ${status}` : text;
}

/** No answer from the API server: it is down, or the kubeconfig leads nowhere. */
export class Unreachable extends SwarmError {
  /** The request that failed and why. */
  readonly detail: string;

  constructor(detail: string, message: string) {
    super("SW612", message);
    this.detail = detail;
  }
}

/** Undefined if the object does not exist. */
export async function unlessMissing<Result>(call: Promise<Result>): Promise<Result | undefined> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof ApiFailure && error.status === 404) return undefined;
    throw error;
  }
}
