import { ApiFailure, Unreachable } from "../../../control-plane/failure.ts";

/** The API server does not serve the kind (yet). */
export class UnknownKind extends Error {
  override readonly name = "UnknownKind";
}

/** Uses the official provider's wording. */
export function unreachable(detail: string): Unreachable {
  const what = "configured Kubernetes cluster is unreachable: unable to load schema information from the API server";
  return new Unreachable(detail, `${what}: ${detail}`);
}

/** Whether the server is unreachable or rejects the credentials. */
export const isSilent = (error: unknown) =>
  error instanceof Unreachable || (error instanceof ApiFailure && error.status === 401);
export const isGone = (error: unknown) => error instanceof ApiFailure && (error.status === 404 || error.status === 410);
export const alreadyExists = (error: unknown) => error instanceof ApiFailure && error.reason === "AlreadyExists";
export const isConflict = (error: unknown) => error instanceof ApiFailure && error.reason === "Conflict";
