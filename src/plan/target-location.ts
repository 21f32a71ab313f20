import { z } from "zod";
import { type TargetKind, targetKinds } from "../blueprint/model.ts";
import { SwarmError } from "../errors.ts";
import { targets } from "../targets/targets.ts";

/** Where a cluster runs: recorded in its desired state, and never changed by an update. */
export interface TargetLocation {
  readonly target: TargetKind;
  /** "option": later updates that name no target stay there. "blueprint": the file names it. */
  readonly by: "option" | "blueprint";
  /** Of the kubeconfig; on docker a context of the docker command, or a URL. */
  readonly context: string | undefined;
  /** URL of the control plane, or of the docker daemon: contexts of two files can have one name. */
  readonly server: string | undefined;
  /** Of the agents, on a control plane. */
  readonly namespace: string | undefined;
}

/** A recorded location as JSON. */
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

/** The target of an update: the requested one, else the recorded one where an option set it. */
export function targetOf(asked: TargetKind | undefined, recorded: TargetLocation | undefined): TargetKind | undefined {
  return asked ?? (recorded?.by === "option" ? recorded.target : undefined);
}

/**
 * The location after an update. A new address of the control plane is accepted on request only.
 *
 * @throws SwarmError SW610 when the update is for another location
 */
export function keepLocation(old: TargetLocation | undefined, next: TargetLocation, moved: boolean): TargetLocation {
  if (old === undefined) return next;
  const sameTarget = old.target === next.target && isSame(old.context, next.context);
  if (!sameTarget) {
    throw refused(old, next, [
      `omit --target, or set --target ${old.target}`,
      `or move it with the state of its agents: swarmctl migrate --to ${next.target}`,
    ]);
  }
  const { location: at } = targets[next.target];
  if (at.kind === "server" && old.server !== undefined && !isSame(old.server, next.server) && !moved) {
    throw refused(old, next, [at.reconnect(old.server), `if the ${at.noun} has a new address: add --take`]);
  }
  if (!isSame(old.namespace, next.namespace)) {
    throw new SwarmError(
      "SW610",
      `this cluster runs in the namespace ${old.namespace}, and the update is for ${next.namespace}`,
      {
        hints: [
          `set cluster.target.namespace to ${old.namespace}`,
          "or destroy the cluster first: its volumes do not move",
        ],
        values: { recorded: old, given: next },
      },
    );
  }
  const { context = old.context, server = old.server } = next;
  const location = { ...next, by: old.by === "option" ? old.by : next.by, context, server };
  return JSON.stringify(location) === JSON.stringify(old) ? old : location;
}

/** An unknown value equals any other. */
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
