import { execFile } from "node:child_process";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { onPath } from "../stacks/engine/executables.ts";

const run = promisify(execFile);

/**
 * Downloads and unpacks Debian packages without installing them.
 * @param work an empty folder.
 * @param names called again after an update of the package index.
 * @returns the folder of the unpacked files, or undefined when the machine has no apt-get.
 * @throws Error with the output of apt-get when the download fails.
 */
export async function unpackDebian(work: string, names: () => Promise<readonly string[]>): Promise<string | undefined> {
  const [apt] = await onPath("apt-get", process.env);
  if (apt === undefined) return undefined;
  const download = async () => run(apt, ["download", ...(await names())], { cwd: work });
  // The index may be missing or outdated. It is updated only when the download fails.
  await download().catch(async () => {
    await run(apt, ["update"]);
    await download();
  });
  const unpacked = join(work, "unpacked");
  for (const name of (await readdir(work)).filter((one) => one.endsWith(".deb")))
    await run("dpkg-deb", ["--extract", join(work, name), unpacked]);
  return unpacked;
}
