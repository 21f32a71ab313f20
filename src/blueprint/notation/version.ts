import type { Notation } from "./notation.ts";

// The regular expression from semver.org.
const semver =
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-((?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*))?(?:\+([0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)*))?$/;

export const semverPattern = semver.source;

/** Parses a semantic version (semver.org 2.0.0). */
export function parseVersion(written: string): Notation<string> {
  if (written.length <= 128 && semver.test(written)) return { ok: true, value: written };
  const near = /^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?$/i.exec(written.slice(0, 128));
  const suggestion = near === null ? undefined : [near[1], near[2] ?? "0", near[3] ?? "0"].map(Number).join(".");
  return { ok: false, why: "not MAJOR.MINOR.PATCH", suggestion };
}
