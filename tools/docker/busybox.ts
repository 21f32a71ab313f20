import { execFile } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { findProgram } from "../services/program.ts";
import type { Docker } from "./docker.ts";
import { importFolder } from "./import-folder.ts";

const run = promisify(execFile);

/**
 * Creates a tiny image with only a shell, since no image can be pulled.
 * @param files further files by their path in it; other content gives another image
 * @returns its id
 */
export async function importBusybox(
  docker: Docker,
  name: string,
  files: Readonly<Record<string, string>> = {},
): Promise<string> {
  const busybox = await findProgram("busybox", "busybox-static");
  if (busybox === undefined) throw new Error("busybox is not installed (Debian: apt-get install busybox-static)");
  const root = mkdtempSync(join(tmpdir(), "swarm-image-"));
  try {
    await layOut(root, busybox, files);
    await importFolder(docker, name, root, ['CMD ["sh"]', "ENV PATH=/bin"]);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
  return (await docker.client.getImage(name).inspect()).Id;
}

async function layOut(root: string, busybox: string, files: Readonly<Record<string, string>>): Promise<void> {
  // A dynamically linked program has the path of its loader in its first bytes.
  if (readFileSync(busybox).subarray(0, 4096).includes("/ld-linux")) {
    throw new Error("busybox is dynamically linked (Debian: apt-get install busybox-static)");
  }
  for (const folder of ["bin", "etc", "tmp"]) mkdirSync(join(root, folder));
  copyFileSync(busybox, join(root, "bin/busybox"));
  const applets = (await run(busybox, ["--list"])).stdout.trim().split("\n");
  for (const applet of applets) if (applet !== "busybox") symlinkSync("busybox", join(root, "bin", applet));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(root, path, ".."), { recursive: true });
    writeFileSync(join(root, path), content);
  }
}
