/** Sources of an engine, in the order in which they are tried. */
export const sources = ["path", "home", "cache", "download", "build"] as const;

export type EngineSource = (typeof sources)[number];

/** A Pulumi CLI that works. */
export interface Engine {
  /** Absolute path of the executable. */
  readonly path: string;
  /** "major.minor.patch", without a leading v. */
  readonly version: string;
  /** Its source; `given` is the environment variable SWARM_ENGINE, `mirror` SWARM_ENGINE_URL. */
  readonly origin: "given" | "mirror" | EngineSource;
  /** One line for the user: why this one, and which were skipped. */
  readonly why: string;
}

/** A `pulumi-language-nodejs` executable. */
export interface LanguageHost {
  readonly path: string;
  /** `engine`: beside the engine, as in the official distribution. */
  readonly origin: "engine" | "path" | "home" | "cache" | "build";
  readonly why: string;
}

/** Providers with our own plugin for machines without the official one. */
export type ProviderName = "kubernetes" | "docker";

/** A provider plugin of the engine. */
export interface ProviderPlugin {
  readonly name: ProviderName;
  /** The version that the npm package requires. */
  readonly version: string;
  /** `installed`: in the engine's plugin folder. `ours`: the offline stand-in of this package. */
  readonly origin: "path" | "installed" | "download" | "ours";
  /** Folder to add to PATH for the engine; undefined if the engine finds the plugin by itself. */
  readonly folder?: string;
  readonly why: string;
}

export type Phase = "wait" | "download" | "modules" | "compile" | "link" | "store";

/** Progress of a long lookup; sent at least every second. */
export interface EngineProgress {
  readonly phase: Phase;
  readonly message: string;
  /** Time since the lookup began to build, download or wait. */
  readonly elapsedMs: number;
  /** From 0 to 1, if known. */
  readonly fraction?: number;
}

export type Environment = Readonly<Record<string, string | undefined>>;

export interface LookupOptions {
  /** Defaults to `process.env`. */
  readonly env?: Environment;
  /** Default: SWARM_ENGINE_SOURCES, else all. */
  readonly sources?: readonly EngineSource[];
  readonly onProgress?: (progress: EngineProgress) => void;
  /** Aborts a download, a build or a wait. */
  readonly signal?: AbortSignal;
}
