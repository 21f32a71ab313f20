import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { findEngine, findLanguageHost } from "../../src/stacks/engine/index.ts";
import { packageRoot } from "../../src/stacks/project.ts";
import { toldNowAndThen } from "./told.ts";

/**
 * Before the tests that need the real engine: finds it, or builds it (minutes, once for each machine), so that no test's own time
 * limit pays for it.
 */
export async function setup(): Promise<void> {
  if (!existsSync(join(packageRoot, "dist")))
    execFileSync("npm", ["run", "build"], { cwd: packageRoot, stdio: "inherit" });
  const onProgress = toldNowAndThen("engine");
  const engine = await findEngine({ onProgress });
  const host = await findLanguageHost(engine, { onProgress });
  process.env.SWARM_ENGINE = engine.path;
  process.stderr.write(`engine ${engine.version} (${engine.origin}), language host (${host.origin})\n`);
}
