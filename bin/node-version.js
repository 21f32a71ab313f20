// Runs on any Node from 12: nothing of the package itself is loaded here.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const least = [22, 19];

/** Whether a version of Node, such as "24.1.0", can run swarmctl. */
export function isSupported(version) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > least[0] || (major === least[0] && minor >= least[1]);
}

/** The program of the npm package `node` that is installed beside this one; undefined where there is none, or an old one. */
export function packagedNode() {
  try {
    const manifest = createRequire(import.meta.url).resolve("node/package.json");
    const { version } = JSON.parse(readFileSync(manifest, "utf8"));
    return isSupported(version) ? join(dirname(manifest), "bin", "node") : undefined;
  } catch {
    return undefined;
  }
}

/** What is printed where no Node is new enough. */
export function refusal(version, path) {
  return [
    `error SW507  swarmctl needs Node.js ${least.join(".")} or newer; ${path} is ${version}`,
    "  try  npm install node@24    in the project's folder: npx swarmctl then runs on it",
    "  try  nvm install 24         or another way to install Node.js 24 on this machine",
    "",
  ].join("\n");
}
