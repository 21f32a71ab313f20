import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { findEngine, findLanguageHost } from "../../src/stacks/engine/index.ts";
import { packageRoot } from "../../src/stacks/project.ts";
import { toldNowAndThen } from "./told.ts";

/**
 * Finds or builds the engine before the tests that need it. A build takes minutes, once per machine, and must not count towards the
 * timeout of a test.
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
