/** Targets that a cluster can run on. */
export const targetKinds = ["local", "docker", "kubernetes", "aws"] as const;
export type TargetKind = (typeof targetKinds)[number];

/** Targets that a blueprint may name and that are not available yet: SW435 refuses them. */
export const plannedTargetKinds = ["fly"] as const;
export type PlannedTargetKind = (typeof plannedTargetKinds)[number];

/** The target of a blueprint that names none. */
export const defaultTarget = "local" satisfies TargetKind;

/** Whether a word names a target that a cluster can run on. */
export function isTargetKind(word: string): word is TargetKind {
  return targetKinds.some((kind) => kind === word);
}
