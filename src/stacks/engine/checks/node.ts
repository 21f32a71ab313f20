import { isOlder } from "../version.ts";
import type { Check, DoctorRow } from "./check.ts";

/** As `engines` in package.json says. */
const oldestNode = "22.19.0";

export const nodeCheck: Check = async () => judgeNode(process.versions.node);

export function judgeNode(version: string): DoctorRow {
  if (!isOlder(version, oldestNode)) return { check: "node", status: "ok", detail: `v${version}` };
  const hint = `Run swarmctl on Node.js ${oldestNode} or newer.`;
  return { check: "node", status: "fail", detail: `v${version} is older than v${oldestNode}`, hint };
}
