import { cacheFolder } from "../cache.ts";
import { cacheNeedsBytes, freeBytes, inGibibytes } from "../space.ts";
import type { Check } from "./check.ts";
import { whyUnwritable } from "./writable.ts";

export const cacheCheck: Check = async ({ env }) => {
  const folder = cacheFolder(env);
  const reason = await whyUnwritable(folder);
  if (reason !== undefined) {
    return {
      check: "cache",
      status: "fail",
      detail: reason,
      hint: "Let SWARM_CACHE name a folder that can be written.",
    };
  }
  const free = await freeBytes(folder);
  const detail = `${folder}, ${inGibibytes(free)} free`;
  if (free >= cacheNeedsBytes) return { check: "cache", status: "ok", detail };
  return {
    check: "cache",
    status: "warn",
    detail,
    hint: `Make ${inGibibytes(cacheNeedsBytes)} free, or set SWARM_CACHE.`,
  };
};
