import { z } from "zod";
import { readJson } from "../platform/files.ts";
import type { ProcessIdentity } from "../platform/processes/identity.ts";
import type { SitePaths } from "./site.ts";

/** `supervisor.json`: which process supervises a site, and where it listens. */
export interface Announcement extends ProcessIdentity {
  readonly port: number;
  readonly version: string;
}

const announcementSchema: z.ZodType<Announcement> = z.object({
  pid: z.int().positive(),
  startTime: z.string(),
  port: z.int(),
  version: z.string(),
});

export function readAnnouncement(paths: SitePaths): Announcement | undefined {
  return readJson(paths.supervisor, announcementSchema);
}
