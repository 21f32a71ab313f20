import type { Target } from "../support/targets/target.ts";

export interface ScaleInCase {
  readonly id: string;
  readonly target: Target["name"];
  readonly seed: number;
  readonly seconds: number;
}

/** Number of workers per target before the scale-in, seeds, and seconds per seed. */
export const scaleIn = {
  local: { workers: 50, seeds: 20, seconds: 120 },
  docker: { workers: 20, seeds: 2, seconds: 250 },
  kubernetes: { workers: 12, seeds: 2, seconds: 200 },
} as const satisfies Readonly<Record<Target["name"], object>>;

export const scaleInCases: readonly ScaleInCase[] = (["local", "docker", "kubernetes"] as const).flatMap((target) =>
  Array.from({ length: scaleIn[target].seeds }, (_, index) => ({
    id: `${target}, seed ${index + 1}`,
    target,
    seed: index + 1,
    seconds: scaleIn[target].seconds,
  })),
);
