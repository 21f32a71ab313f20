import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { renderReference } from "../src/blueprint/diagnostics/reference.ts";
import { parseBlueprint } from "../src/blueprint/parse.ts";
import { renderJsonSchema } from "../src/blueprint/schema/json-schema.ts";
import { renderErrors } from "../tools/docs/errors-page.ts";
import { anchorsOf, blocksOf, linksOf } from "./support/markdown.ts";

const root = join(import.meta.dirname, "..");
const read = (file: string) => readFileSync(join(root, file), "utf8");

test.each([
  { page: "docs/diagnostics.md", render: renderReference },
  { page: "docs/errors.md", render: renderErrors },
  { page: "blueprints/blueprint.schema.json", render: renderJsonSchema },
])("$page is in step with the code (npm run docs)", ({ page, render }) => {
  expect(read(page)).toBe(render());
});

const pages = ["README.md", "CONTRIBUTING.md", ...globSync(["docs/**/*.md", "examples/*.md"], { cwd: root })].sort();
const { files } = JSON.parse(read("package.json"));
const isPacked = (path: string) =>
  path === "README.md" || files.some((entry: string) => path === entry || path.startsWith(`${entry}/`));

test.each(pages)("the relative links of %s lead to files and headings that exist", (page) => {
  const broken = linksOf(read(page)).filter((link) => {
    const [path = "", anchor] = link.split("#");
    const target = path === "" ? page : join(dirname(page), path);
    if (!existsSync(join(root, target))) return true;
    return anchor !== undefined && !anchorsOf(read(target)).includes(anchor);
  });
  expect(broken).toEqual([]);
});

test.each(pages.filter(isPacked))("the relative links of %s lead to files of the npm package", (page) => {
  const outside = linksOf(read(page))
    .map((link) => link.split("#")[0] ?? "")
    .filter((path) => path !== "" && !isPacked(join(dirname(page), path)));
  expect(outside).toEqual([]);
});

test("README.md links every guide, and has at most 120 lines", () => {
  const linked = linksOf(read("README.md")).map((link) => link.split("#")[0]);
  const guides = pages.filter((page) => /^docs\/(?:[^/]+|[^/]+\/README)\.md$/.test(page));
  expect(guides.filter((guide) => !linked.includes(guide))).toEqual([]);
  expect(read("README.md").trimEnd().split("\n").length).toBeLessThanOrEqual(120);
});

test("each blueprint of a page is valid", () => {
  const blueprints = pages.flatMap((page) =>
    blocksOf(read(page), "yaml").filter((text) => /^metadata:[\s\S]*^agents:/m.test(text)),
  );
  expect(blueprints.length).toBeGreaterThanOrEqual(1);
  expect(blueprints.flatMap((text) => parseBlueprint(text, { file: "page" }).diagnostics)).toEqual([]);
});

test("a link, a heading and a block are found as GitHub renders them", () => {
  expect(linksOf("[a](b.md#c), [d](https://e), `[f](g.md)`\n```\n[h](i.md)\n```\n")).toEqual(["b.md#c"]);
  expect(anchorsOf("# Write fence\n\n## `up`, and *down*: 1\n")).toEqual(["write-fence", "up-and-down-1"]);
  expect(blocksOf("```yaml\na: 1\n```\n```sh\nls\n```\n", "yaml")).toEqual(["a: 1\n"]);
});
