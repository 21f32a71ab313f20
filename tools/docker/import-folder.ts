import { spawn } from "node:child_process";
import type { Docker } from "./docker.ts";

/** Creates an image from a folder; the changes are Dockerfile instructions. */
export async function importFolder(
  docker: Docker,
  name: string,
  folder: string,
  changes: readonly string[],
): Promise<void> {
  const tar = spawn("tar", ["-C", folder, "--numeric-owner", "-c", "."], { stdio: ["ignore", "pipe", "inherit"] });
  const stream = await docker.client.importImage(tar.stdout, { repo: name, changes: [...changes] });
  await new Promise<void>((resolve, reject) =>
    docker.client.modem.followProgress(stream, (error) => (error === null ? resolve() : reject(error))),
  );
}
