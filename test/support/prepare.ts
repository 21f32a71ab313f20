import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { findEngine, findLanguageHost } from "../../src/stacks/engine/index.ts";
import { packageRoot } from "../../src/stacks/project.ts";
import { kwokRecipe, serverRecipe } from "../../tools/control-plane/programs.ts";
import { findGoProgram } from "../../tools/go-programs/find.ts";
import { processNodeRecipe } from "../../tools/process-node/program.ts";
import { toldNowAndThen } from "./told.ts";

/**
 * Before the tests that need the real engine or a control plane: finds them, or builds them (minutes, once for each
 * machine), so that no test's own time limit pays for it. Without a control plane its tests are skipped.
 */
export async function setup(): Promise<void> {
  if (!existsSync(join(packageRoot, "dist")))
    execFileSync("npm", ["run", "build"], { cwd: packageRoot, stdio: "inherit" });
  const onProgress = toldNowAndThen("engine");
  const engine = await findEngine({ onProgress });
  const host = await findLanguageHost(engine, { onProgress });
  process.env.SWARM_ENGINE = engine.path;
  process.stderr.write(`engine ${engine.version} (${engine.origin}), language host (${host.origin})\n`);
  for (const recipe of [serverRecipe, kwokRecipe, processNodeRecipe]) {
    const program = await findGoProgram(recipe, toldNowAndThen(recipe.name));
    if (typeof program !== "string") process.stderr.write(`${program.unavailable}\n`);
  }
}
