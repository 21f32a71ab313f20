import { execFile } from "node:child_process";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { onPath } from "../stacks/engine/executables.ts";

const run = promisify(execFile);

/**
 * Downloads Debian packages and unpacks them; nothing is installed.
 *
 * @param work an empty folder
 * @param names asked once more after the package index was renewed
 * @returns the folder that they are unpacked in, or undefined where the machine has no apt-get
 * @throws Error with the output of apt-get where the download fails
 */
export async function unpackDebian(work: string, names: () => Promise<readonly string[]>): Promise<string | undefined> {
  const [apt] = await onPath("apt-get", process.env);
  if (apt === undefined) return undefined;
  const download = async () => run(apt, ["download", ...(await names())], { cwd: work });
  // The index may be absent or out of date. It is renewed only when the download fails without.
  await download().catch(async () => {
    await run(apt, ["update"]);
    await download();
  });
  const unpacked = join(work, "unpacked");
  for (const name of (await readdir(work)).filter((one) => one.endsWith(".deb")))
    await run("dpkg-deb", ["--extract", join(work, name), unpacked]);
  return unpacked;
}
