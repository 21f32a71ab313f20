import { createHash } from "node:crypto";
import { readdirSync, readFileSync, readlinkSync, statSync } from "node:fs";
import { join } from "node:path";
import dockerignore from "@balena/dockerignore";
import { SwarmError } from "../errors.ts";

/** The files of a folder that are sent to build an image. */
export interface BuildContext {
  /** Absolute. */
  readonly folder: string;
  /** Relative to the folder, with "/"; sorted, folders before their files. */
  readonly paths: readonly string[];
  /** SHA-256 over paths, contents, links and execute bits: the same in another checkout. */
  readonly digest: string;
}

const dockerfile = "Dockerfile";
const ignoreFile = ".dockerignore";

/**
 * Reads a folder with a Dockerfile, without the files that its .dockerignore excludes; the two themselves are always included, as
 * in `docker build`.
 *
 * @throws SwarmError SW802 where the folder or its Dockerfile does not exist, or a file cannot be read
 */
export function readBuildContext(folder: string): BuildContext {
  try {
    if (!statSync(join(folder, dockerfile), { throwIfNoEntry: false })?.isFile()) {
      throw new SwarmError("SW802", `there is no ${dockerfile} in ${folder}`, {
        hints: ["image.build is a folder with a Dockerfile, relative to the blueprint"],
        values: { folder },
      });
    }
    const entries = entriesOf(folder);
    return { folder, paths: entries.map(({ path }) => path), digest: digestOf(folder, entries) };
  } catch (cause) {
    if (cause instanceof SwarmError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new SwarmError("SW802", `cannot read ${folder} to build an image: ${reason}`, { cause, values: { folder } });
  }
}

interface Entry {
  readonly path: string;
  readonly kind: "file" | "folder" | "link";
}

/** Sockets, pipes and devices cannot be part of an image. */
function entriesOf(folder: string): readonly Entry[] {
  const isLeftOut = ignoring(folder);
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .flatMap((entry): Entry[] => {
      const kind = entry.isFile()
        ? "file"
        : entry.isDirectory()
          ? "folder"
          : entry.isSymbolicLink()
            ? "link"
            : undefined;
      const path = join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll("\\", "/");
      return kind === undefined || isLeftOut(path) ? [] : [{ path, kind }];
    })
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

function ignoring(folder: string): (path: string) => boolean {
  const file = join(folder, ignoreFile);
  if (!statSync(file, { throwIfNoEntry: false })?.isFile()) return () => false;
  const rules = dockerignore.default().add(readFileSync(file, "utf8"));
  return (path) => path !== dockerfile && path !== ignoreFile && rules.ignores(path);
}

function digestOf(folder: string, entries: readonly Entry[]): string {
  const hash = createHash("sha256");
  for (const { path, kind } of entries) {
    const [content, executable] = contentOf(join(folder, path), kind);
    hash.update(JSON.stringify([kind, path, executable, content.length])).update(content);
  }
  return hash.digest("hex");
}

function contentOf(file: string, kind: Entry["kind"]): readonly [content: Buffer, executable: boolean] {
  switch (kind) {
    case "file":
      return [readFileSync(file), (statSync(file).mode & 0o100) !== 0];
    case "link":
      return [Buffer.from(readlinkSync(file)), false];
    case "folder":
      return [Buffer.alloc(0), false];
  }
}
