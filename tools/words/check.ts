// The words of the glossary in code, texts and pages: `npm run check:words`, with paths to look at those alone.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import banned from "./banned.json" with { type: "json" };
import exempt from "./exempt.json" with { type: "json" };
import { findWords } from "./find-words.ts";

const root = join(import.meta.dirname, "../..");
const looked =
  process.argv.length > 2 ? process.argv.slice(2) : ["src", "docs", "blueprints", "README.md", "CONTRIBUTING.md"];
const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "--", ...looked], {
  cwd: root,
  encoding: "utf8",
})
  .split("\n")
  .filter((file) => /\.(ts|md|ya?ml)$/.test(file) && existsSync(join(root, file)));

let count = 0;
for (const file of files) {
  for (const { line, word, instead } of findWords(file, readFileSync(join(root, file), "utf8"), banned, exempt)) {
    count++;
    console.log(`${file}:${line} "${word}": write ${instead}`);
  }
}
console.log(`${files.length} files, ${count} words to replace`);
process.exitCode = count === 0 ? 0 : 1;
