import { z } from "zod";
import { findGo, goEnvironment } from "../../src/stacks/engine/go.ts";
import { thisMachine } from "../../src/stacks/engine/machine.ts";
import { run } from "../../src/stacks/engine/run.ts";
import type { Unavailable } from "../services/service.ts";

const answer = z.object({ Dir: z.string() });

/** The folder of a Go module's files, of the version that `folder/go.mod` pins; downloaded where it is missing. */
export async function downloadModule(folder: string, module: string): Promise<string | Unavailable> {
  const go = await findGo(process.env, thisMachine.goFolders);
  if (typeof go === "string") return { unavailable: `no ${module} here: ${go}` };
  const env = goEnvironment(process.env);
  const { status, stdout, stderr, trouble } = await run(go.path, ["mod", "download", "-json", module], {
    cwd: folder,
    env,
    timeoutMs: 10 * 60_000,
  });
  if (status !== 0) return { unavailable: `no ${module} here: ${trouble ?? stderr ?? stdout}` };
  return answer.parse(JSON.parse(stdout)).Dir;
}
