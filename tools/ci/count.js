// Sums the reports of the test runs: the last line of .ci/run, and its exit status.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const [folder = ".", failedSteps = "0"] = process.argv.slice(2);
let passed = 0;
let failed = 0;
let skipped = 0;
for (const name of readdirSync(folder).filter((entry) => entry.endsWith(".json"))) {
  const report = JSON.parse(readFileSync(join(folder, name), "utf8"));
  passed += report.numPassedTests;
  failed += report.numFailedTests;
  skipped += report.numPendingTests;
}
// A failed step without a failed test (types, lint, a suite that did not start) counts as one.
if (failed === 0) failed = Number(failedSteps);
if (passed === 0) failed = Math.max(failed, 1);
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
process.exitCode = failed > 0 ? 1 : 0;
