import { mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";
import { shortHash } from "../names.ts";
import { autostopSchema, recordedAutostop } from "../plan/autostop.ts";
import { writeJson } from "../platform/files.ts";
import type { Settings } from "../stacks/settings.ts";
import type { Cluster } from "../store/clusters.ts";
import { packageVersion } from "../version.ts";
import type { RecordedRules } from "./parse-rules.ts";

const noRules: RecordedRules = { lifetime: undefined, warnings: [], isScaled: false };

const keptSchema = z.object({
  key: z.string(),
  rules: z.object({
    lifetime: z
      .object({
        ttlMs: z.number().optional(),
        until: z.number().optional(),
        idleTimeoutMs: z.number().optional(),
        stopAt: z.number().optional(),
        sleep: z.string().optional(),
        wake: z.string().optional(),
        timeZone: z.string(),
        autostop: autostopSchema.optional(),
      })
      .transform(({ ttlMs, until, idleTimeoutMs, stopAt, sleep, wake, timeZone, autostop }) => ({
        ...{ ttlMs, until, idleTimeoutMs, stopAt, sleep, wake, timeZone, autostop },
      }))
      .optional(),
    warnings: z.array(z.object({ code: z.string(), message: z.string() })),
    isScaled: z.boolean(),
  }),
});

/**
 * Reads the rules of a cluster's recorded blueprint. The parser of blueprints is loaded once for each version of a blueprint: the
 * result is kept in the cache, one file for each cluster.
 */
export async function recordedRules(
  { cache, backend }: Pick<Settings, "cache" | "backend">,
  row: Cluster | undefined,
  now = Date.now(),
): Promise<RecordedRules> {
  if (row === undefined) return noRules;
  const { blueprintText, blueprintFile, environmentUntil: until, target, name } = row;
  const isOver = until !== null && now >= until;
  const subject = [packageVersion(), blueprintText, blueprintFile, target, until, isOver, recordedAutostop(row.wish)];
  const key = shortHash(JSON.stringify(subject), 32);
  const file = join(cache, "rules", `${name}-${shortHash(backend.url)}.json`);
  const kept = readKept(file);
  if (kept?.key === key) return { ...noRules, ...kept.rules };
  const { parseRules } = await import("./parse-rules.ts");
  const rules = await parseRules(row, now);
  keep(file, { key, rules });
  return rules;
}

function readKept(file: string) {
  try {
    return keptSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    return undefined;
  }
}

/** A cache that cannot be written costs time only. */
function keep(file: string, kept: { readonly key: string; readonly rules: RecordedRules }): void {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeJson(file, kept);
  } catch {}
}
