import { z } from "zod";
import { readJson } from "../platform/files.ts";
import type { ProcessIdentity } from "../platform/processes/identity.ts";
import type { SitePaths } from "./site.ts";

/** Content of `supervisor.json`: the supervisor's process and its address. */
export interface Announcement extends ProcessIdentity {
  /** Undefined: it listens on its socket only. */
  readonly port?: number | undefined;
  /** Undefined: a supervisor of version 0.1. */
  readonly socket?: string | undefined;
  readonly version: string;
}

const announcementSchema: z.ZodType<Announcement> = z.object({
  pid: z.int().positive(),
  startTime: z.string(),
  port: z.int().optional(),
  socket: z.string().optional(),
  version: z.string(),
});

export function readAnnouncement(paths: SitePaths): Announcement | undefined {
  return readJson(paths.supervisor, announcementSchema);
}
