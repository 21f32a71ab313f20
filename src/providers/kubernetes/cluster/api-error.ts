import { SwarmError } from "../../../errors.ts";
import { isRecord, recordsAt, textAt } from "../../../platform/json.ts";

/** The API server said no. The message is its own. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly status: number;
  /** The machine-readable reason of its Status (`AlreadyExists`, `Conflict`); undefined when it sent none. */
  readonly reason: string | undefined;
  readonly causes: readonly Record<string, unknown>[];

  constructor(status: number, body: unknown) {
    super(textAt(body, "message") ?? (typeof body === "string" && body !== "" ? body.trim() : `HTTP status ${status}`));
    this.status = status;
    this.reason = isRecord(body) ? textAt(body, "reason") : undefined;
    this.causes = recordsAt(body, "details", "causes");
  }
}

/** The API server has no such kind (yet). */
export class UnknownKind extends Error {
  override readonly name = "UnknownKind";
}

/** No answer from the API server: it is down, or the kubeconfig leads nowhere. */
export class Unreachable extends SwarmError {
  constructor(detail: string) {
    super(
      "SW735",
      `configured Kubernetes cluster is unreachable: unable to load schema information from the API server: ${detail}`,
    );
  }
}

/** Whether the server gives no answer: it is unreachable, or rejects the credentials. */
export const isSilent = (error: unknown) =>
  error instanceof Unreachable || (error instanceof ApiError && error.status === 401);
export const isGone = (error: unknown) => error instanceof ApiError && (error.status === 404 || error.status === 410);
export const alreadyExists = (error: unknown) => error instanceof ApiError && error.reason === "AlreadyExists";
export const isConflict = (error: unknown) => error instanceof ApiError && error.reason === "Conflict";
