import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isSecret } from "@pulumi/pulumi";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { SecretReference } from "../../blueprint/model.ts";
import { createResolver } from "./create-resolver.ts";

let folder = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "edge-"));
  mkdirSync(join(folder, "brand/deep/.git"), { recursive: true });
  writeFileSync(join(folder, "token.txt"), "from a file\n");
  writeFileSync(join(folder, "brand/tone.md"), "Plain words.");
  writeFileSync(join(folder, "brand/deep/logo.bin"), Buffer.from([0, 255]));
  writeFileSync(join(folder, "brand/.hidden"), "no");
  writeFileSync(join(folder, "brand/deep/.git/config"), "no");
});

afterAll(() => rmSync(folder, { recursive: true }));

type Readable = Exclude<SecretReference, { kind: "kubernetes" }>;

describe("secrets", () => {
  test.each([
    { reference: { kind: "env", variable: "TOKEN" }, want: "from the environment" },
    { reference: { kind: "file", path: "./token.txt" }, want: "from a file" },
  ] satisfies { reference: Readable; want: string }[])("$reference.kind: the value, marked as secret", async ({
    reference,
    want,
  }) => {
    const value = createResolver(folder, { TOKEN: "from the environment" }).secret("TOKEN", reference);
    expect(await isSecret(value)).toBe(true);
    expect(await new Promise((resolve) => value.apply(resolve))).toBe(want);
  });

  test.each([
    { reference: { kind: "env", variable: "NOT_SET" }, place: "the environment variable NOT_SET" },
    { reference: { kind: "env", variable: "EMPTY" }, place: "the environment variable EMPTY" },
    { reference: { kind: "file", path: "none.txt" }, place: "the file none.txt" },
    { reference: { kind: "config", key: "swarmstack:none" }, place: "the stack's configuration swarmstack:none" },
  ] satisfies { reference: Readable; place: string }[])("without a value ($place) is refused by name", ({
    reference,
    place: location,
  }) => {
    const resolver = createResolver(folder, { EMPTY: "" });
    expect(() => resolver.secret("TOKEN", reference)).toThrow(`secret TOKEN has no value: ${location} is not set`);
  });
});

describe("knowledge", () => {
  test("is all files of a folder but hidden ones, sorted", () => {
    const { files } = createResolver(folder).knowledge("brand");
    expect(files.map(({ path }) => path)).toEqual(["deep/logo.bin", "tone.md"]);
    expect(files[0]?.content).toEqual(Buffer.from([0, 255]));
  });

  test("has a digest that changes with contents and names", () => {
    const resolver = createResolver(folder);
    const before = resolver.knowledge("brand").digest;
    expect(resolver.knowledge("brand").digest).toBe(before);
    writeFileSync(join(folder, "brand/tone.md"), "Other words.");
    expect(resolver.knowledge("brand").digest).not.toBe(before);
  });

  test("may be one file, and must be there", () => {
    expect(
      createResolver(folder)
        .knowledge("token.txt")
        .files.map(({ path }) => path),
    ).toEqual(["token.txt"]);
    expect(() => createResolver(folder).knowledge("nothing")).toThrow("cannot read knowledge in");
  });
});
