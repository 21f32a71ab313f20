import { z } from "zod";
import { type TargetKind, targetKinds } from "../blueprint/model.ts";
import { SwarmError } from "../errors.ts";

/** Where a cluster runs: recorded in its wish, and never changed by an update. */
export interface TargetLocation {
  readonly target: TargetKind;
  /** "option": later updates that name no target stay there. "blueprint": the file says so. */
  readonly by: "option" | "blueprint";
  /** Of the kubeconfig; on docker that of the docker command, or a URL. */
  readonly context: string | undefined;
  /** URL of the control plane, or of the docker daemon: contexts of two files can have one name. */
  readonly server: string | undefined;
  /** Of the agents, on a control plane. */
  readonly namespace: string | undefined;
}

/** A recorded place as JSON. */
export const targetLocationSchema = z
  .object({
    target: z.enum(targetKinds),
    by: z.enum(["option", "blueprint"]),
    context: z.string().optional(),
    server: z.string().optional(),
    namespace: z.string().optional(),
  })
  .transform(
    ({ target, by, context, server, namespace }): TargetLocation => ({ target, by, context, server, namespace }),
  );

/** The target of an update: what was asked for, else the recorded one where that was asked for once. */
export function targetOf(asked: TargetKind | undefined, recorded: TargetLocation | undefined): TargetKind | undefined {
  return asked ?? (recorded?.by === "option" ? recorded.target : undefined);
}

/**
 * The place after an update. A control plane whose address has changed is taken for the same one on demand only.
 *
 * @throws SwarmError SW610 when the update is meant for another place
 */
export function keepLocation(old: TargetLocation | undefined, next: TargetLocation, moved: boolean): TargetLocation {
  if (old === undefined) return next;
  const sameTarget = old.target === next.target && isSame(old.context, next.context);
  if (!sameTarget) {
    throw refused(old, next, [
      `leave --target out, or give --target ${old.target}`,
      `or move it, with all that its agents know: swarmctl migrate --to ${next.target}`,
    ]);
  }
  if (!isSame(old.server, next.server) && !moved) {
    throw refused(old, next, [
      next.target === "docker"
        ? `let DOCKER_HOST be ${old.server}`
        : "let KUBECONFIG name the file that it was made with",
      `if the ${next.target === "docker" ? "daemon" : "control plane"} has a new address: add --take`,
    ]);
  }
  if (!isSame(old.namespace, next.namespace)) {
    throw new SwarmError(
      "SW610",
      `this cluster runs in the namespace ${old.namespace}, and the update is for ${next.namespace}`,
      {
        hints: [
          `let cluster.target.namespace be ${old.namespace}`,
          "or take the cluster down first: its volumes do not move",
        ],
        values: { recorded: old, given: next },
      },
    );
  }
  const { context = old.context, server = old.server } = next;
  const location = { ...next, by: old.by === "option" ? old.by : next.by, context, server };
  return JSON.stringify(location) === JSON.stringify(old) ? old : location;
}

/** What is not known is not another one. */
function isSame(old: string | undefined, next: string | undefined): boolean {
  return old === undefined || next === undefined || old === next;
}

function refused(old: TargetLocation, next: TargetLocation, hints: readonly string[]): SwarmError {
  return new SwarmError("SW610", `this cluster runs on ${describe(old)}, and the update is for ${describe(next)}`, {
    hints,
    values: { recorded: old, given: next },
  });
}

export function describe({ target, context, server }: TargetLocation): string {
  const more = [context === undefined ? [] : `context ${context}`, server ?? []].flat();
  return more.length === 0 ? target : `${target} (${more.join(", ")})`;
}
