import { expect, test } from "vitest";
import { readProperties, writeProperties } from "../base/values.ts";
import { liveOf, outputsOf, secretPlaces } from "./state.ts";

const record = { manager: "m", initialApiVersion: "v1", inputs: { data: { x: "s3cret" } } };
const live = { apiVersion: "v1", kind: "ConfigMap", data: { x: "s3cret" } };

test("§2 outputs: they are the official provider's: bookkeeping first, then the live object", () => {
  const outputs = outputsOf(live, record);
  expect(Object.keys(outputs)).toEqual([
    "__fieldManager",
    "__initialApiVersion",
    "__inputs",
    "apiVersion",
    "kind",
    "data",
  ]);
  expect(liveOf(outputs)).toEqual(live);
});

test.each([
  [
    "a secret in any kind, at its place and in the copy of the inputs",
    live,
    [["data", "x"]],
    ["__inputs.data.x", "data.x"],
  ],
  ["all data of a Secret, unmarked too", { ...live, kind: "Secret" }, [], ["__inputs.data", "data"]],
  ["data of a Secret that was marked inside", { ...live, kind: "Secret" }, [["data", "x"]], ["__inputs.data", "data"]],
])("§3 Secret, secret value in any other kind: %s", (_title, object, given, want) => {
  const outputs = outputsOf(object, record);
  const { secrets, properties } = readProperties(writeProperties(outputs, secretPlaces(outputs, given)));
  expect(secrets.map((path) => path.join(".")).sort()).toEqual(want);
  expect(properties).toEqual(outputs);
});
