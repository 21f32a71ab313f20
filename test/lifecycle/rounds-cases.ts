/** Number of instances that two cores can start and probe on each target. */
export const roundsCases = [
  { id: "local", instances: 50, seconds: 300 },
  { id: "docker", instances: 12, seconds: 600 },
  { id: "kubernetes", instances: 20, seconds: 600 },
] as const;
