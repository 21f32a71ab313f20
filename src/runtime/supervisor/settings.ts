import { z } from "zod";
import { readJson, writeJson } from "../files.ts";
import type { SitePaths } from "../site.ts";

/** What a supervisor is told beside its pools. */
export interface SiteSettings {
  /** URL of the Redis that keeps the tasks, e.g. "redis://127.0.0.1:6379"; without one they are in a table. */
  readonly redis?: string;
  /** URL of the PostgreSQL server that has the table; without one it is in the site's folder. */
  readonly database?: string;
  /** By agent: the Redis streams that the blueprint names. */
  readonly streams?: Readonly<Record<string, { readonly stream: string; readonly group: string }>>;
}

const settingsSchema: z.ZodType<SiteSettings> = z.object({
  redis: z.string().exactOptional(),
  database: z.string().exactOptional(),
  streams: z.record(z.string(), z.object({ stream: z.string(), group: z.string() })).exactOptional(),
});

/** Takes effect when the supervisor opens its queue the next time, at the latest after a restart. */
export function writeSettings(paths: SitePaths, settings: SiteSettings): void {
  writeJson(paths.settings, settings, true);
}

export function readSettings(paths: SitePaths): SiteSettings {
  return readJson(paths.settings, settingsSchema) ?? {};
}
