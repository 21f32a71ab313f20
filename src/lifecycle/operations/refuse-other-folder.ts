import { realpathSync, statSync } from "node:fs";
import { dirname } from "node:path";
import type { BlueprintSource } from "../../blueprint/load.ts";
import { SwarmError } from "../../errors.ts";
import type { Cluster } from "../../store/clusters.ts";

/**
 * Refuses a blueprint with the same id from another folder, which would silently replace the agents of the first. A moved
 * folder, a copy with the same text and text from a pipe count as the same blueprint.
 *
 * @throws SwarmError SW607 with both files
 */
export function refuseOtherFolder(
  { name, status, blueprintFile: present, blueprintText }: Cluster,
  { file, text }: BlueprintSource,
  folderOf = folderOfFile,
): void {
  if (status === "DESTROYED" || present === null || text === blueprintText) return;
  const folders = [folderOf(present), folderOf(file)];
  if (folders.includes(undefined) || folders[0] === folders[1]) return;
  throw new SwarmError("SW607", `cluster ${name} runs the blueprint ${present}, and this is another one: ${file}`, {
    hints: ["run it beside the first: --name NAME", "replace the first by it: --take"],
    values: { cluster: name, present, given: file },
  });
}

/** The real folder of a regular file; undefined if it does not exist or is not a regular file. */
function folderOfFile(file: string): string | undefined {
  try {
    return statSync(file).isFile() ? dirname(realpathSync(file)) : undefined;
  } catch {
    return undefined;
  }
}
