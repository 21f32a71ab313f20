import { expect, test } from "vitest";
import { normalOf } from "./normal.ts";
import { recordedInputs } from "./recorded.ts";

test.each([
  ["a value changed by hand", { data: { a: "9", b: "2" } }, { data: { a: "1" } }, { data: { a: "9" } }],
  ["a value deleted by hand", { data: {} }, { data: { a: "1" } }, { data: {} }],
  [
    "what others added",
    { metadata: { name: "x", labels: { o: "1" } } },
    { metadata: { name: "x" } },
    { metadata: { name: "x" } },
  ],
  [
    "a quantity in the program's spelling",
    { limits: { cpu: "1" } },
    { limits: { cpu: "1000m" } },
    { limits: { cpu: "1" } },
  ],
  [
    "the same below a spec",
    { spec: { limits: { cpu: "1" } } },
    { spec: { limits: { cpu: "1000m" } } },
    { spec: { limits: { cpu: "1000m" } } },
  ],
  [
    "a zero that the server leaves out",
    { spec: {} },
    { spec: { hostNetwork: false } },
    { spec: { hostNetwork: false } },
  ],
  ["an empty list that the server leaves out", { spec: {} }, { spec: { l: [] } }, { spec: { l: [] } }],
  ["items of others", { spec: { l: ["a", "b"] } }, { spec: { l: ["a"] } }, { spec: { l: ["a"] } }],
  ["fewer items", { spec: { l: [] } }, { spec: { l: ["a"] } }, { spec: { l: [] } }],
  ["another type", { spec: { x: "1" } }, { spec: { x: { a: 1 } } }, { spec: { x: "1" } }],
])("§7 changed by hand: inputs with %s", (_title, live, oldInputs, want) => {
  expect(recordedInputs(live, oldInputs, normalOf({ group: "apps", kind: "Deployment" }))).toEqual(want);
});
