import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { bundleDigest } from "./bundle.ts";
import { installKnowledge, knowledgeFolder } from "./install.ts";

function scratch(onFinished: (clean: () => void) => void) {
  const folder = mkdtempSync(join(tmpdir(), "swarm-knowledge-"));
  onFinished(() => rmSync(folder, { recursive: true }));
  const source = join(folder, "brand");
  mkdirSync(join(source, "logos"), { recursive: true });
  writeFileSync(join(source, "voice.md"), "calm");
  writeFileSync(join(source, "logos", "a.svg"), "<svg/>");
  const root = join(folder, "installed");
  mkdirSync(root);
  return { source, root };
}

test("a digest changes with a name and with a byte, and with nothing else", ({ onTestFinished }) => {
  const { source } = scratch(onTestFinished);
  const before = bundleDigest(source);
  symlinkSync("/etc/passwd", join(source, "link"));
  expect(bundleDigest(source)).toBe(before);
  writeFileSync(join(source, "voice.md"), "loud");
  const louder = bundleDigest(source);
  expect(louder).not.toBe(before);
  writeFileSync(join(source, "voice.txt"), "");
  expect(bundleDigest(source)).not.toBe(louder);
  expect(() => bundleDigest(join(source, "none"))).toThrow(expect.objectContaining({ code: "SW802" }));
});

test("what is installed is read-only and stays; another content is another folder", ({ onTestFinished }) => {
  const { source, root } = scratch(onTestFinished);
  const first = [{ name: "brand", path: source, digest: bundleDigest(source) }];
  installKnowledge(root, first);
  installKnowledge(root, first);
  const voice = join(knowledgeFolder(root, first), "brand", "voice.md");
  expect(statSync(voice).mode & 0o777).toBe(0o444);
  writeFileSync(join(source, "voice.md"), "loud");
  const second = [{ name: "brand", path: source, digest: bundleDigest(source) }];
  expect(() => installKnowledge(root, [{ ...second[0], name: "brand", path: source, digest: "x" }])).toThrow(
    /has changed/,
  );
  installKnowledge(root, second);
  expect(readFileSync(voice, "utf8")).toBe("calm");
  expect(readFileSync(join(knowledgeFolder(root, second), "brand", "voice.md"), "utf8")).toBe("loud");
});

test("one file is a bundle, too", ({ onTestFinished }) => {
  const { source, root } = scratch(onTestFinished);
  const path = join(source, "voice.md");
  const bundle = [{ name: "voice", path, digest: bundleDigest(path) }];
  installKnowledge(root, bundle);
  expect(readFileSync(join(knowledgeFolder(root, bundle), "voice", "voice.md"), "utf8")).toBe("calm");
});
