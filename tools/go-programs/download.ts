import { z } from "zod";
import { findGo, goEnvironment } from "../../src/stacks/engine/go.ts";
import { thisMachine } from "../../src/stacks/engine/machine.ts";
import { run } from "../../src/stacks/engine/run.ts";
import type { Unavailable } from "../services/service.ts";

const answer = z.object({ Dir: z.string() });

/** The folder of a Go module, of the version pinned in `folder/go.mod`; downloaded if it is missing. */
export async function downloadModule(folder: string, module: string): Promise<string | Unavailable> {
  const go = await findGo(process.env, thisMachine.goFolders);
  if (typeof go === "string") return { unavailable: `no ${module} here: ${go}` };
  const env = goEnvironment(process.env);
  const { status, stdout, stderr, trouble } = await run(go.path, ["mod", "download", "-json", module], {
    cwd: folder,
    env,
    timeoutMs: 10 * 60_000,
  });
  if (status !== 0) return { unavailable: `${module} is unavailable: ${trouble ?? stderr ?? stdout}` };
  return answer.parse(JSON.parse(stdout)).Dir;
}
