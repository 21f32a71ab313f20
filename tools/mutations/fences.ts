// Takes each fence out of a copy of the working tree, and runs the tests that must go red then: `npm run test:fences`, or
// `npm run test:fences lease gpu` for those whose names begin so. Fails when one stays green.
import { resolve } from "node:path";
import type { Fence } from "./fence.ts";
import { fences } from "./table.ts";
import { Workspace } from "./workspace.ts";

const root = resolve(import.meta.dirname, "../..");
const asked = process.argv.slice(2);
const chosen = fences.filter(({ name }) => asked.length === 0 || asked.some((start) => name.startsWith(start)));
if (chosen.length === 0) throw new Error(`no fence begins with ${asked.join(" or ")}`);

// Whoever interrupts it ends the test run, and with it the whole, which still clears up.
process.once("SIGINT", () => {});
const workspace = new Workspace(root);
process.once("exit", () => workspace.remove());

tell("fence | test that went red | red/GREEN | s");
if (chosen.some(({ needsBuild }) => needsBuild)) workspace.build();
refuseRed();
const green = chosen.filter((fence) => !goesRed(fence));
tell(`${chosen.length - green.length} of ${chosen.length} fences are red without their guard`);
if (green.length > 0) process.exitCode = 1;

/** A test that is red already proves nothing. */
function refuseRed(): void {
  for (const project of new Set(chosen.map(({ project }) => project))) {
    const files = chosen.filter((fence) => fence.project === project).flatMap(({ tests }) => tests);
    const { failed, broken, passed } = workspace.test(project, [...new Set(files)], false);
    const red = [...failed, ...broken];
    if (red.length > 0) throw new Error(`red without a mutation: ${red.join("; ")}`);
    if (passed === 0) throw new Error(`no test of ${files.join(", ")} ran`);
  }
}

function goesRed(fence: Fence): boolean {
  const startedMs = Date.now();
  const putBack = workspace.takeOut(fence);
  if (fence.needsBuild) workspace.build();
  const { failed, broken } = workspace.test(fence.project, fence.tests, true);
  putBack();
  const seconds = Math.round((Date.now() - startedMs) / 1000);
  // What does not even load was broken by the mutation, and not caught by a test.
  const verdict = failed.length > 0 ? "red" : broken.length > 0 ? "BROKEN" : "GREEN";
  tell(`${fence.name} | ${failed[0] ?? broken[0] ?? "none"} | ${verdict} | ${seconds}`);
  return verdict === "red";
}

function tell(line: string): void {
  process.stdout.write(`${line}\n`);
}
