/** Ways to an engine, in the order in which they are tried. */
export const sources = ["path", "home", "cache", "download", "build"] as const;

export type EngineSource = (typeof sources)[number];

/** A Pulumi CLI that works. */
export interface Engine {
  /** Absolute path of the executable. */
  readonly path: string;
  /** "major.minor.patch", without a leading v. */
  readonly version: string;
  /** Where it comes from; `given` is the environment variable SWARM_ENGINE, `mirror` SWARM_ENGINE_URL. */
  readonly origin: "given" | "mirror" | EngineSource;
  /** One line for the screen: why this one, and what was passed over. */
  readonly why: string;
}

/** A `pulumi-language-nodejs` executable. */
export interface LanguageHost {
  readonly path: string;
  /** `engine`: it lies beside the engine, as in the official distribution. */
  readonly origin: "engine" | "path" | "home" | "cache" | "build";
  readonly why: string;
}

/** Providers for which there is a plugin of our own where the official one cannot be had. */
export type ProviderName = "kubernetes" | "docker";

/** A provider plugin of the engine. */
export interface ProviderPlugin {
  readonly name: ProviderName;
  /** The one that the program's package asks for. */
  readonly version: string;
  /** `installed`: in the engine's plugin folder. `ours`: the offline stand-in of this package. */
  readonly origin: "path" | "installed" | "download" | "ours";
  /** What has to be on PATH for the engine to find it; undefined where it finds it by itself. */
  readonly folder?: string;
  readonly why: string;
}

export type Phase = "wait" | "download" | "modules" | "compile" | "link" | "store";

/** What a long lookup is doing; sent at least every second. */
export interface EngineProgress {
  readonly phase: Phase;
  readonly message: string;
  /** Since the lookup began to build, download or wait. */
  readonly elapsedMs: number;
  /** From 0 to 1, where it is known. */
  readonly fraction?: number;
}

export type Environment = Readonly<Record<string, string | undefined>>;

export interface LookupOptions {
  /** Defaults to `process.env`. */
  readonly env?: Environment;
  /** Defaults to SWARM_ENGINE_SOURCES, and without it to all. */
  readonly sources?: readonly EngineSource[];
  readonly onProgress?: (progress: EngineProgress) => void;
  /** Ends a download, a build or a wait. */
  readonly signal?: AbortSignal;
}
