import { execFile } from "node:child_process";
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { images, imageUsers } from "../plan/images.ts";
import { staticBusybox } from "./busybox.ts";
import { unpackDebian } from "./debian.ts";
import { copyLibraries } from "./libraries.ts";
import { cannotMake, type ImageRecipe } from "./recipe.ts";

const run = promisify(execFile);
const user = imageUsers.proxy;
/** Version of the layout in the image; raise it with every change. */
const layout = 3;
const libraryFolders = [
  "usr/lib/x86_64-linux-gnu",
  "lib/x86_64-linux-gnu",
  "usr/lib/aarch64-linux-gnu",
  "lib/aarch64-linux-gnu",
];
const neededOnly = ["recommends", "suggests", "conflicts", "breaks", "replaces", "enhances"].map(
  (kind) => `--no-${kind}`,
);

/** Squid, and busybox for its health check, from unpacked Debian packages. */
export const egressImage: ImageRecipe = {
  name: images.egress,
  async key() {
    const shown = await run("apt-cache", ["show", "--no-all-versions", "squid"]).catch(() => undefined);
    const version = /^Version: (\S+)$/m.exec(shown?.stdout ?? "")?.[1];
    return version && `egress-${layout}-${version.replace(/[^\w.+-]/g, "_")}-${process.arch}`;
  },
  async stage(root, cache) {
    const busybox = await staticBusybox(images.egress, cache);
    const work = await mkdtemp(join(tmpdir(), "swarm-squid-"));
    try {
      const unpacked = await unpackSquid(work);
      // Squid requires its helper for deleting files at startup, even without a disk cache.
      const programs = ["usr/sbin/squid", "usr/lib/squid/unlinkd"];
      for (const program of programs) await cp(join(unpacked, program), join(root, program));
      // The first folder has links into the second.
      for (const folder of ["usr/share/squid", "usr/share/squid-langpack"])
        await cp(join(unpacked, folder), join(root, folder), { recursive: true, verbatimSymlinks: true });
      await cp(join(unpacked, "etc/squid/errorpage.css"), join(root, "etc/squid/errorpage.css"));
      await copyLibraries(
        programs.map((program) => join(unpacked, program)),
        root,
        libraryFolders.map((folder) => join(unpacked, folder)),
      );
      await cp(busybox, join(root, "bin/busybox"));
      await writeFile(join(root, "etc/passwd"), `root:x:0:0:root:/:/\nproxy:x:${user}:${user}:proxy:/:/\n`);
      await writeFile(join(root, "etc/group"), `root:x:0:\nproxy:x:${user}:\n`);
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  },
  folders: [
    { path: "/tmp", user: 0, mode: 0o1777 },
    { path: "/run", user, mode: 0o755 },
    { path: "/var/log/squid", user, mode: 0o755 },
  ],
  settings: ['ENTRYPOINT ["squid"]', "ENV PATH=/usr/sbin", `USER ${user}:${user}`],
};

/**
 * Unpacks squid and its libraries.
 * @returns the folder of the unpacked files.
 */
async function unpackSquid(work: string): Promise<string> {
  const unpacked = await unpackDebian(work, squidPackages).catch((error: unknown) => {
    throw cannotMake(images.egress, `squid cannot be downloaded from Debian: ${String(error)}`);
  });
  if (unpacked !== undefined) return unpacked;
  throw cannotMake(images.egress, "it needs apt-get to download squid from Debian");
}

async function squidPackages(): Promise<readonly string[]> {
  const { stdout } = await run("apt-cache", ["depends", "--recurse", ...neededOnly, "squid"]);
  return [...new Set(stdout.split("\n").filter((line) => /^(lib|squid)/.test(line) && !line.includes("perl")))];
}
