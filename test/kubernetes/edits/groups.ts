/** Blueprints whose clusters share a stack. */
export const groups = {
  office: ["einkauf", "marketing", "standard"],
  project: ["everything-cilium", "project-template", "temporary-review"],
  gpu: ["everything", "everything-docker", "gpu-inference"],
} as const;

/** The edits of each group, with their duration in seconds. */
export const editsCases = (["office", "project", "gpu"] as const).map((id) => ({
  id,
  names: groups[id],
  seconds: 450,
}));
