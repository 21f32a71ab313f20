import { ApiFailure, Unreachable } from "../../../control-plane/failure.ts";

/** The API server has no such kind (yet). */
export class UnknownKind extends Error {
  override readonly name = "UnknownKind";
}

/** In the official provider's words. */
export function unreachable(detail: string): Unreachable {
  const what = "configured Kubernetes cluster is unreachable: unable to load schema information from the API server";
  return new Unreachable(detail, `${what}: ${detail}`);
}

/** Whether the server gives no answer: it is unreachable, or rejects the credentials. */
export const isSilent = (error: unknown) =>
  error instanceof Unreachable || (error instanceof ApiFailure && error.status === 401);
export const isGone = (error: unknown) => error instanceof ApiFailure && (error.status === 404 || error.status === 410);
export const alreadyExists = (error: unknown) => error instanceof ApiFailure && error.reason === "AlreadyExists";
export const isConflict = (error: unknown) => error instanceof ApiFailure && error.reason === "Conflict";
