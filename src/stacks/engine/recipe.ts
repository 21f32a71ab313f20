import { join } from "node:path";
import { pinnedEngine, pinnedLanguageHost } from "./version.ts";

/** What is built from a pinned Go module, and how. */
export interface Recipe {
  /** Words for the screen, and the folder's name in the cache. */
  readonly name: string;
  readonly kind: string;
  /** File name of the executable. */
  readonly binary: string;
  readonly version: string;
  /** Folder with go.mod and go.sum. */
  readonly module: string;
  /** Files of that folder which are a program of our own; without them the target is a package of a pinned module. */
  readonly sources?: readonly string[];
  /** Go package of the executable. */
  readonly target: string;
  readonly ldflags: string;
  /** What a build from nothing adds to the folders of go: downloaded modules and compiled packages. */
  readonly needsBytes: { readonly modules: number; readonly packages: number };
  /** What helps where a build fails, besides a module proxy that can be reached. */
  readonly otherwise?: string;
}

const mebibyte = 1024 ** 2;

const installPulumi = "Or install the official Pulumi CLI and put it on PATH.";

const tools = join(import.meta.dirname, "../../../tools");

/** `-s -w` leaves out what only a debugger reads: 161 MB become 115. */
const strip = "-s -w";

export const engineRecipe: Recipe = {
  name: "Pulumi engine",
  kind: "engine",
  binary: "pulumi",
  version: pinnedEngine,
  module: join(tools, "engine"),
  target: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
  ldflags: `${strip} -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${pinnedEngine}`,
  // Seen: 1.1 GiB unpacked and 0.4 GiB packed; 1.6 GiB.
  needsBytes: { modules: 1600 * mebibyte, packages: 1700 * mebibyte },
  otherwise: installPulumi,
};

export const languageHostRecipe: Recipe = {
  name: "Node.js language host",
  kind: "language-host",
  binary: "pulumi-language-nodejs",
  version: pinnedLanguageHost,
  module: join(tools, "language-host"),
  target: "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs",
  ldflags: `${strip} -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${pinnedLanguageHost}`,
  needsBytes: { modules: 300 * mebibyte, packages: 250 * mebibyte },
  otherwise: installPulumi,
};
