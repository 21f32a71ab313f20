import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { readJson, writeJson } from "../platform/files.ts";
import type { QueueSettings } from "../tasks/task-source.ts";
import type { SitePaths } from "./site.ts";

/** What a supervisor is told beside its pools. */
export type SiteSettings = QueueSettings;

export const settingsSchema: z.ZodType<SiteSettings> = z.strictObject({
  redis: z.string().exactOptional(),
  database: z.string().exactOptional(),
  streams: z.record(z.string(), z.strictObject({ stream: z.string(), group: z.string() })).exactOptional(),
});

/** The settings of a site, as its supervisor follows them: they are in a file, for the next one. */
export class LiveSettings {
  readonly #paths: SitePaths;
  #present: SiteSettings;

  constructor(paths: SitePaths) {
    this.#paths = paths;
    this.#present = readJson(paths.settings, settingsSchema) ?? {};
  }

  get present(): SiteSettings {
    return this.#present;
  }

  /** @returns whether they were others before. */
  change(next: SiteSettings): boolean {
    if (isDeepStrictEqual(next, this.#present)) return false;
    writeJson(this.#paths.settings, next, true);
    this.#present = next;
    return true;
  }
}
