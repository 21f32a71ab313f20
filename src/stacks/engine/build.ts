import { cp, mkdir, mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { SwarmError } from "../../errors.ts";
import { buildReporter } from "./build-progress.ts";
import { type Go, goEnvironment } from "./go.ts";
import type { Environment } from "./model.ts";
import type { Recipe } from "./recipe.ts";
import type { ReportProgress } from "./reporting.ts";
import { type RunResult, run } from "./run.ts";

interface BuildOptions {
  readonly env: Environment;
  readonly report: ReportProgress;
  readonly signal?: AbortSignal | undefined;
}

const listDeadlineMs = 20 * 60_000;
const buildDeadlineMs = 60 * 60_000;
const tailLines = 20;

/**
 * Builds the executable of a recipe in `folder`, which must be on the cache's file system, from a copy of its module, so go
 * writes nothing into the checkout. Returns the folder that holds only the executable.
 *
 * @throws SwarmError SW502 with the tail of go's output.
 */
export async function build(recipe: Recipe, go: Go, folder: string, options: BuildOptions): Promise<string> {
  const module = await mkdtemp(join(folder, "module-"));
  const files = ["go.mod", "go.sum", ...(recipe.sources ?? [])];
  await Promise.all(files.map((file) => cp(join(recipe.module, file), join(module, file))));
  const output = join(folder, "finished");
  await mkdir(output, { recursive: true });
  const progress = buildReporter(options.report);
  const call = (args: readonly string[], timeoutMs: number, onLine: (line: string) => void): Promise<RunResult> =>
    run(go.path, args, {
      cwd: module,
      env: goEnvironment(options.env),
      nice: true,
      timeoutMs,
      signal: options.signal,
      onLine,
    });

  options.report("modules", "looking at the Go modules");
  const list = await call(["list", "-mod=readonly", "-deps", recipe.target], listDeadlineMs, progress.onModuleLine);
  if (list.status !== 0) throw failure(recipe, "download of its Go modules", list);
  const packages = list.stdout.split("\n").filter((line) => line !== "").length;

  const { ldflags, unoptimised = [] } = recipe;
  const flags = [
    ...["-mod=readonly", "-buildvcs=false", "-trimpath", "-v", `-ldflags=${ldflags}`],
    ...unoptimised.map((prefix) => `-gcflags=${prefix}/...=-N -l`),
  ];
  const made = await call(
    ["build", ...flags, "-o", join(output, recipe.binary), recipe.target],
    buildDeadlineMs,
    progress.onPackageLine(packages, recipe.target),
  );
  if (made.status !== 0) throw failure(recipe, "compilation", made);
  return output;
}

function failure(recipe: Recipe, step: string, result: RunResult): SwarmError {
  const output = result.stderr.split("\n").filter((line) => line.includes(" ") && !line.startsWith("go: downloading"));
  const tail = output.slice(-tailLines);
  const reason = result.trouble ?? `go ended with status ${result.status}`;
  return new SwarmError(
    "SW502",
    `${recipe.name} v${recipe.version}: the ${step} failed (${reason})\n${tail.join("\n")}`,
    {
      hints: [
        "if modules cannot be downloaded: set GOPROXY to a Go module proxy that this machine reaches",
        ...(recipe.otherwise === undefined ? [] : [recipe.otherwise]),
      ],
      values: { step, output: tail },
    },
  );
}
