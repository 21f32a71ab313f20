import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdir, realpath, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { agentCommand, images, imageUsers, launcher, volumeSlots } from "../plan/images.ts";
import { packageRoot } from "../stacks/project.ts";
import { staticBusybox } from "./busybox.ts";
import { copyLibraries } from "./libraries.ts";
import { packagesOf } from "./packages.ts";
import { cannotMake, type ImageRecipe } from "./recipe.ts";

const run = promisify(execFile);
const home = "/opt/swarmstack";
const user = imageUsers.agent;
const users = `root:x:0:0:root:/:/sbin/nologin
agent:x:${user}:${user}:agent:/tmp:/bin/sh
`;

/** Runs a command with the secrets of SWARM_SECRETS_DIR: each file is a variable of its name. */
const launchScript = `for file in "$SWARM_SECRETS_DIR"/*; do
  if [ -f "$file" ]; then export "$(basename "$file")=$(cat "$file")"; fi
done
exec "$@"
`;

/**
 * Packages that agents and the agent server never load: the engine's side, and Node.js, which is installed
 * separately.
 */
function isOfTheEngine(name: string): boolean {
  return /^(@pulumi\/|@types\/|dockerode$|google-protobuf$|@grpc\/grpc-js$|node$)/.test(name);
}

/** Excludes sources, declarations and binaries of other systems. */
function isNeeded(path: string): boolean {
  return !/\.(d\.[cm]?ts|map|md|[ch]pp?|tsbuildinfo)$|better-sqlite3\/(deps|src)$|(darwin|win32|android)-[^/]*\.node$/.test(
    path,
  );
}

/** The reference agent and `swarmctl`, with this machine's Node.js and libraries, and the commands of busybox. */
export const agentImage: ImageRecipe = {
  name: images.agent,
  async stage(root, cache) {
    if (process.platform !== "linux")
      throw cannotMake(images.agent, `it needs programs for Linux, and this machine runs ${process.platform}`, [
        "Run this command on a Linux machine, with DOCKER_HOST or --context for the daemon",
      ]);
    if (!existsSync(join(packageRoot, "dist")))
      throw cannotMake(images.agent, "this checkout is not compiled", ["npm run build"]);
    const busybox = await staticBusybox(images.agent, cache);
    const folders = ["bin", "usr/bin", "usr/local/bin", "etc", home.slice(1)].map((name) => join(root, name));
    for (const folder of folders) await mkdir(folder, { recursive: true });
    await cp(busybox, join(root, "bin/busybox"));
    const applets = (await run(busybox, ["--list"])).stdout.trim().split("\n");
    for (const name of applets) if (name !== "busybox") await symlink("busybox", join(root, "bin", name));
    await symlink("/bin/env", join(root, "usr/bin/env"));
    await cp(await realpath(process.execPath), join(root, "usr/local/bin/node"));
    await copyLibraries([process.execPath], root);
    await writeFile(join(root, "etc/passwd"), users);
    await copyPackage(join(root, home));
    await mkdir(join(root, launcher.folder));
    await cp(join(root, "bin/busybox"), join(root, launcher.command[0]));
    await writeFile(join(root, launcher.command[2]), launchScript);
    await symlink(`${home}/bin/swarmctl.js`, join(root, "usr/local/bin/swarmctl"));
  },
  folders: [{ path: "/tmp", user: 0, mode: 0o1777 }, ...volumeSlots.map((path) => ({ path, user, mode: 0o700 }))],
  settings: [
    `ENTRYPOINT ${JSON.stringify(agentCommand)}`,
    "ENV PATH=/usr/local/bin:/usr/bin:/bin",
    `USER ${user}:${user}`,
    "WORKDIR /tmp",
  ],
};

async function copyPackage(target: string): Promise<void> {
  const own = ["package.json", "bin/swarmctl.js", "bin/node-version.js", "dist"];
  const parts = own.map((part) => ({ source: join(packageRoot, part), target: part }));
  for (const part of [...parts, ...(await packagesOf(packageRoot, isOfTheEngine))]) {
    const source = await realpath(part.source);
    // A nested package is either in the list itself, or not needed.
    const filter = (path: string) => isNeeded(path) && !path.slice(source.length).includes("/node_modules");
    await cp(source, join(target, part.target), { recursive: true, verbatimSymlinks: true, filter });
  }
}
