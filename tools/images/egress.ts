import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { images, imageUsers } from "../../src/plan/images.ts";
import { findProgram } from "../services/program.ts";
import type { ImageRecipe } from "./image.ts";
import { copyLibraries } from "./libraries.ts";

const run = promisify(execFile);
const user = imageUsers.proxy;
const libraryFolders = [
  "usr/lib/x86_64-linux-gnu",
  "lib/x86_64-linux-gnu",
  "usr/lib/aarch64-linux-gnu",
  "lib/aarch64-linux-gnu",
];
const neededOnly = ["recommends", "suggests", "conflicts", "breaks", "replaces", "enhances"].map(
  (kind) => `--no-${kind}`,
);

/** Squid alone, out of Debian's packages, which are unpacked and not installed. */
export const egressImage: ImageRecipe = {
  name: images.egress,
  async key() {
    const shown = await run("apt-cache", ["show", "--no-all-versions", "squid"]).catch(() => undefined);
    const version = /^Version: (\S+)$/m.exec(shown?.stdout ?? "")?.[1];
    return version && `egress-${version.replace(/[^\w.+-]/g, "_")}-${process.arch}`;
  },
  async stage(root) {
    const apt = await findProgram("apt-get", "apt");
    if (apt === undefined) return { unavailable: "no apt-get here, and squid comes out of Debian's packages" };
    const work = await mkdtemp(join(tmpdir(), "swarm-squid-"));
    try {
      const unpacked = await unpackSquid(work);
      if (typeof unpacked !== "string") return unpacked;
      const squid = join(unpacked, "usr/sbin/squid");
      for (const folder of ["usr/sbin", "usr/share", "etc/squid"]) await mkdir(join(root, folder), { recursive: true });
      await cp(squid, join(root, "usr/sbin/squid"));
      await cp(join(unpacked, "usr/share/squid"), join(root, "usr/share/squid"), {
        recursive: true,
        verbatimSymlinks: true,
      });
      await cp(join(unpacked, "etc/squid/errorpage.css"), join(root, "etc/squid/errorpage.css"));
      await copyLibraries(
        [squid],
        root,
        libraryFolders.map((folder) => join(unpacked, folder)),
      );
      await writeFile(join(root, "etc/passwd"), `root:x:0:0:root:/:/\nproxy:x:${user}:${user}:proxy:/:/\n`);
      await writeFile(join(root, "etc/group"), `root:x:0:\nproxy:x:${user}:\n`);
      return undefined;
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

/** Downloads squid and what it is linked with. @returns the folder that they are unpacked in */
async function unpackSquid(work: string): Promise<string | { readonly unavailable: string }> {
  try {
    // An index can be there and be old: it is renewed only when the download fails without.
    await download(work).catch(async () => {
      await run("apt-get", ["update"]);
      await download(work);
    });
  } catch (error) {
    return { unavailable: `squid cannot be downloaded from Debian: ${String(error)}` };
  }
  const unpacked = join(work, "unpacked");
  for (const name of (await readdir(work)).filter((one) => one.endsWith(".deb")))
    await run("dpkg-deb", ["--extract", join(work, name), unpacked]);
  return unpacked;
}

async function download(cwd: string): Promise<void> {
  const { stdout } = await run("apt-cache", ["depends", "--recurse", ...neededOnly, "squid"]);
  const names = stdout.split("\n").filter((line) => /^(lib|squid)/.test(line) && !line.includes("perl"));
  await run("apt-get", ["download", ...new Set(names)], { cwd });
}
