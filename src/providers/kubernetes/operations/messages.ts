import { ApiFailure, Unreachable } from "../../../control-plane/failure.ts";
import { SwarmError } from "../../../errors.ts";
import { UnknownKind } from "../cluster/failures.ts";
import type { Kind } from "../kind.ts";
import { apiVersionOf } from "../kind.ts";
import { idOf, type KubeObject } from "../object.ts";

const conflictHelp =
  "https://www.pulumi.com/registry/packages/kubernetes/how-to-guides/managing-resources-with-server-side-apply/#handle-field-conflicts-on-existing-resources";

export const unreachableHint =
  "If the cluster was deleted, you can remove this resource from Pulumi state by rerunning the operation with the " +
  'PULUMI_K8S_DELETE_UNREACHABLE environment variable set to "true"';

export const textOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

/** Error for a failed create, as the engine prints it. */
export function createFailure(urn: string, kind: Kind, error: unknown): Error {
  if (
    error instanceof Unreachable ||
    !(error instanceof ApiFailure || error instanceof UnknownKind || error instanceof SwarmError)
  ) {
    return error instanceof Error ? error : new Error(String(error));
  }
  if (error instanceof UnknownKind) {
    return refused(
      `creation of resource "${urn}" with kind ${apiVersionOf(kind)}/${kind.kind} failed because the Kubernetes API server ` +
        "reported that the apiVersion for this resource does not exist. Verify that any required CRDs have been created: " +
        error.message,
    );
  }
  return refused(`resource "${urn}" was not successfully created by the Kubernetes API server: ${error.message}`);
}

export function updateFailure(object: KubeObject, manager: string, error: unknown): string {
  return notLive(
    object,
    error instanceof ApiFailure && error.reason === "Conflict" ? conflict(manager, error) : textOf(error),
  );
}

export function notLive(object: KubeObject, why: string): string {
  return `the Kubernetes API server reported that "${idOf(object)}" failed to fully initialize or become live: ${why}`;
}

export function createdButNotLive(urn: string, why: string): string {
  return (
    `resource "${urn}" was successfully created, but the Kubernetes API server reported that it failed to fully ` +
    `initialize or become live: ${why}`
  );
}

export function conflict(manager: string, error: ApiFailure): string {
  return (
    `server-side apply field conflict detected, see ${conflictHelp} for troubleshooting help\n` +
    `The resource managed by field manager "${manager}" had an apply conflict: ${error.message}`
  );
}

export const refused = (message: string) => new SwarmError("SW736", message);
export const inPreview = (message: string) => new SwarmError("SW736", `Preview failed: ${message}`);
