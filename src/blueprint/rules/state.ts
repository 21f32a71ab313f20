import { posix } from "node:path";
import { known } from "../shape/shape.ts";
import type { RuleContext } from "./context.ts";

/** Folders of the kernel, and those that the runtime mounts for reading: no volume can be mounted in them. */
const taken = [
  "/proc",
  "/sys",
  "/dev",
  "/etc/swarmstack",
  "/var/run/secrets",
  "/run/secrets",
  "/var/run/swarmstack",
  "/run/swarmstack",
  "/launch",
];
/** Mounts of the runtime itself. */
const mounted = ["/", "/tmp", "/var/lib/swarmstack/shared"];

/** Checks that the state of each agent can be mounted at its path. */
export function checkState({ agents, report, value }: RuleContext): void {
  for (const { draft, path } of agents) {
    if (!known(draft.state) || !known(draft.state.path)) continue;
    const problem = mountProblem(draft.state.path);
    if (problem === undefined) continue;
    const { why, suggestion } = problem;
    report("SW437", value([...path, "state", "path"]), { path: draft.state.path, why }, { suggestion });
  }
}

function mountProblem(path: string): { readonly why: string; readonly suggestion?: string } | undefined {
  if (/[:,]/.test(path)) return { why: "it contains a colon or a comma" };
  const normal = posix.normalize(path).replace(/(?<=.)\/$/, "");
  if (mounted.includes(normal)) return { why: "it is a folder of the system or of the runtime" };
  const owner = taken.find((folder) => normal === folder || normal.startsWith(`${folder}/`));
  if (owner !== undefined) return { why: `${owner} belongs to the system or to the runtime` };
  return normal === path ? undefined : { why: "it is not the shortest spelling", suggestion: normal };
}
