import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { type Fence, mutate } from "./fence.ts";

const reportSchema = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      assertionResults: z.array(z.object({ fullName: z.string(), status: z.string() })),
    }),
  ),
});

/** What became of the tests of one run. */
export interface Outcome {
  readonly failed: readonly string[];
  readonly passed: number;
  /** Files that could not be loaded, or failed outside of a test. */
  readonly broken: readonly string[];
}

/** A fence whose guard did not stop a test within this time counts as caught. */
const testTimeoutMs = 180_000;

/** A copy of the working tree, with what is not committed yet, so that no mutation ever touches the tree itself. */
export class Workspace {
  readonly #folder: string;

  constructor(root: string) {
    this.#folder = mkdtempSync(join(tmpdir(), "swarm-fences-"));
    const listed = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], { cwd: root });
    for (const file of listed.toString().split("\0")) {
      if (file !== "" && existsSync(join(root, file))) cpSync(join(root, file), join(this.#folder, file));
    }
    symlinkSync(join(root, "node_modules"), join(this.#folder, "node_modules"));
  }

  build(): void {
    this.#run("tsc", ["-b", "tsconfig.build.json"]);
  }

  /** Takes a fence out. @returns what puts it back. */
  takeOut(fence: Fence): () => void {
    const path = join(this.#folder, fence.file);
    const text = readFileSync(path, "utf8");
    writeFileSync(path, mutate(text, fence));
    return () => writeFileSync(path, text);
  }

  /** @param untilFirst ends the run at the first failure */
  test(project: Fence["project"], files: readonly string[], untilFirst: boolean): Outcome {
    const report = join(this.#folder, "report.json");
    rmSync(report, { force: true });
    const said = this.#run("vitest", [
      ...["run", "--project", project, "--reporter", "json", "--outputFile", report],
      ...["--testTimeout", String(testTimeoutMs), ...(untilFirst ? ["--bail", "1"] : []), ...files],
    ]);
    if (!existsSync(report)) throw new Error(`the tests of ${files.join(", ")} did not run: ${said}`);
    const { testResults } = reportSchema.parse(JSON.parse(readFileSync(report, "utf8")));
    const cases = testResults.flatMap(({ assertionResults }) => assertionResults);
    const broken = testResults.filter(
      ({ status, assertionResults }) => status === "failed" && assertionResults.every((one) => one.status !== "failed"),
    );
    return {
      failed: cases.filter(({ status }) => status === "failed").map(({ fullName }) => fullName),
      passed: cases.filter(({ status }) => status === "passed").length,
      broken: broken.map(({ name }) => name),
    };
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** @returns what it said where it failed */
  #run(program: string, args: readonly string[]): string {
    const path = join("node_modules", ".bin", program);
    return spawnSync(path, args, { cwd: this.#folder, stdio: ["ignore", "ignore", "pipe"], encoding: "utf8" }).stderr;
  }
}
