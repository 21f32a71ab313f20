/** Blueprints whose clusters are in one stack. */
export const groups = {
  office: ["einkauf", "marketing", "standard"],
  project: ["everything-cilium", "project-template", "temporary-review"],
  gpu: ["everything", "everything-docker", "gpu-inference"],
} as const;
