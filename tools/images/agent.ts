import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdir, realpath, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { agentCommand, images, imageUsers, launcher, volumeSlots } from "../../src/plan/images.ts";
import { packageRoot } from "../../src/stacks/project.ts";
import { staticBusybox } from "./busybox.ts";
import type { ImageRecipe } from "./image.ts";
import { copyLibraries } from "./libraries.ts";
import { packagesOf } from "./packages.ts";

const run = promisify(execFile);
const home = "/opt/swarmstack";
const user = imageUsers.agent;
const users = `root:x:0:0:root:/:/sbin/nologin
agent:x:${user}:${user}:agent:/tmp:/bin/sh
`;

/** Gives a command the secrets of SWARM_SECRETS_DIR: each file is a variable of its name. */
const launchScript = `for file in "$SWARM_SECRETS_DIR"/*; do
  if [ -f "$file" ]; then export "$(basename "$file")=$(cat "$file")"; fi
done
exec "$@"
`;

/** What agents and the agent server never load: the engine's side, and Node.js, which is beside them. */
function isOfTheEngine(name: string): boolean {
  return /^(@pulumi\/|@types\/|dockerode$|google-protobuf$|@grpc\/grpc-js$|node$)/.test(name);
}

/** Sources, declarations and binaries of other systems. */
function isNeeded(path: string): boolean {
  return !/\.(d\.[cm]?ts|map|md|[ch]pp?|tsbuildinfo)$|better-sqlite3\/(deps|src)$|(darwin|win32|android)-[^/]*\.node$/.test(
    path,
  );
}

/** The reference agent and `swarmctl`, on this machine's Node.js and libraries, with the commands of busybox. */
export const agentImage: ImageRecipe = {
  name: images.agent,
  async stage(root) {
    if (process.platform !== "linux")
      return { unavailable: `this is ${process.platform}, and an image is made of programs for Linux` };
    if (!existsSync(join(packageRoot, "dist"))) return { unavailable: "the package is not compiled: npm run build" };
    const busybox = await staticBusybox();
    if (typeof busybox !== "string") return busybox;
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
    return undefined;
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
  const packages = await packagesOf(packageRoot, isOfTheEngine);
  for (const part of ["package.json", "bin/swarmctl.js", "dist", ...packages]) {
    const source = await realpath(join(packageRoot, part));
    // What is nested in it is a package of the list itself, or of nobody.
    const filter = (path: string) => isNeeded(path) && !path.slice(source.length).includes("/node_modules");
    await cp(source, join(target, part), { recursive: true, verbatimSymlinks: true, filter });
  }
}
