import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";
import type { BlueprintDocument } from "./document.ts";
import { loadBlueprintDocument } from "./load.ts";
import { parseBlueprint } from "./parse.ts";
import type { BlueprintDraft } from "./schema/blueprint.ts";
import type { Invalid } from "./shape/shape.ts";

const folder = new URL("../../blueprints/", import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith(".yaml"));

test.each(files)("%s as an object is the same blueprint as the file", (file) => {
  const text = readFileSync(new URL(file, folder), "utf8");
  const { blueprint } = parseBlueprint(text, { file });
  expect(loadBlueprintDocument(parse(text), file)).toEqual(blueprint);
});

test("a range and a number written as text keep their meaning, own keys are ignored", () => {
  const document: BlueprintDocument = {
    metadata: { id: "team", name: "Team", version: "1.0.0" },
    cluster: { type: "standard" },
    agents: [{ role: "worker", name: "Writer", count: "2-4", env: { PORT: "8080" } }],
    "x-note": "not read",
  };
  const blueprint = loadBlueprintDocument(document, "team");
  expect(blueprint.agents[0]).toMatchObject({ count: { min: 2, max: 4 }, env: { PORT: "8080" } });
});

test("problems are reported with their position in the document", () => {
  const document = { metadata: { id: "team", name: "Team", version: "1.0.0" }, cluster: {}, agents: [] } as unknown;
  expect(() => loadBlueprintDocument(document as BlueprintDocument, "blueprint of team")).toThrow(
    expect.objectContaining({ code: "SW500", message: expect.stringContaining("blueprint of team") }),
  );
});

/** Keys that only one of both has, or that only one of both requires; `never` if they agree. */
type Differences<Draft, Document> =
  Value<Draft> extends readonly (infer A)[]
    ? Value<Document> extends readonly (infer B)[]
      ? Differences<A, B>
      : never
    : string extends keyof Known<Document>
      ? never
      : Value<Draft> extends object
        ? Known<Document> extends infer D
          ?
              | Exclude<keyof Value<Draft>, keyof D>
              | Exclude<Extract<keyof D, string>, keyof Value<Draft> | `x-${string}`>
              | {
                  [K in keyof Value<Draft> & keyof D]: OfKey<Value<Draft>[K], D[K]> extends never ? never : K;
                }[keyof Value<Draft> & keyof D]
          : never
        : never;

type OfKey<Draft, Document> = undefined extends Draft
  ? undefined extends Document
    ? Differences<Draft, Document>
    : "required"
  : undefined extends Document
    ? "optional"
    : Differences<Draft, Document>;

type Value<T> = Exclude<T, Invalid | undefined>;
/** The map variant of a value. */
type Known<T> = Extract<Value<T>, object>;

/** Not compared: a secret has exactly one of several keys, which the parser's tests cover. */
type Sections = "metadata" | "cluster" | "defaults" | "gpu_pools" | "agents";
type Agrees =
  | Differences<Pick<BlueprintDraft, Sections>, Pick<BlueprintDocument, Sections>>
  | Exclude<keyof BlueprintDraft, Sections | "secrets">;

test("the type has the keys of the format", () => {
  const differences: [Agrees] extends [never] ? true : Agrees = true;
  expect(differences).toBe(true);
});
