/** The version of the Pulumi CLI that is downloaded or built: the one that tools/engine/go.mod pins. */
export const pinnedEngine = "3.259.0";

/** The version of the Node.js language host that is built: the one that tools/language-host/go.mod pins. */
export const pinnedLanguageHost = "3.68.0";

/** Oldest Pulumi CLI that `@pulumi/pulumi` of this project works with. */
const oldestEngine = "3.249.0";

/** Oldest Go that compiles the pinned modules. */
export const oldestGo = "1.26.0";

/** Finds "v3.259.0", "3.260.0-alpha.1" or "go1.26.8" in a line; undefined without a version. */
export function readVersion(text: string): string | undefined {
  const match = /(?:^|\s|v|go)(\d+)\.(\d+)(?:\.(\d+))?/.exec(text.trim());
  return match === null ? undefined : `${match[1]}.${match[2]}.${match[3] ?? "0"}`;
}

/** True when version `a` is older than version `b`, both "major.minor.patch". */
export function isOlder(a: string, b: string): boolean {
  const left = a.split(".").map(Number);
  const right = b.split(".").map(Number);
  for (let index = 0; index < 3; index += 1) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

/** Why an engine of this version cannot be used; undefined if it can. */
export function engineObjection(version: string): string | undefined {
  if (isOlder(version, oldestEngine)) return `v${version} is older than v${oldestEngine}`;
  const major = Number(oldestEngine.split(".")[0]);
  if (!isOlder(version, `${major + 1}.0.0`)) return `v${version} is of another major version than v${oldestEngine}`;
  return undefined;
}
