import { expect, test } from "vitest";
import { parseBackend } from "./backend.ts";
import { type BackendFailure, explainBackend } from "./backend-failures.ts";

const folder = parseBackend("file:///states");
const explain = (text: string, more: Partial<BackendFailure> = {}) =>
  explainBackend({ stack: "team", backend: folder, text, isOfResource: false, ...more });

test.each([
  "error: failed to load checkpoint: place 1: unexpected end of JSON input",
  "error: failed to load checkpoint: json: cannot unmarshal string into Go struct field DeploymentV3.latest.resources",
  "error: failed to load checkpoint: blob (key \".pulumi/x\") (code=Unknown): invalid character '\\x00' looking for beginning",
  'error: corrupt store: missing version in ".pulumi/meta.yaml"',
  "error: failed to load checkpoint: EOF",
])("a damaged state names its file and its copies: %s", (text) => {
  const error = explain(text);
  const file = "/states/.pulumi/stacks/swarmstack/team.json";
  expect(error).toMatchObject({ code: "SW630", values: { stack: "team", file } });
  expect(error?.message).toContain(`the state of cluster team (${file}) is damaged: `);
  expect(error?.hints.join("\n")).toContain(`cp ${file}.bak ${file}`);
  expect(error?.hints.join("\n")).toContain("/states/.pulumi/history/swarmstack/team/*.checkpoint.json");
});

test("a state of a newer engine says so, and of which version", () => {
  const error = explain("error: failed to load checkpoint: unsupported checkpoint version 9");
  expect(error?.code).toBe("SW630");
  expect(error?.message).toContain("was written by a newer engine: unsupported checkpoint version 9");
});

test.each([
  ["s3://bucket?region=x", "operation error S3: GetObject, get credentials: no EC2 IMDS role found", "AWS_PROFILE"],
  ["s3://bucket", "(code=Unknown): operation error S3: endpoint rule error, Invalid region", "AWS_REGION"],
  ["gs://bucket", "missing google credentials: could not find default credentials", "GOOGLE_APPLICATION_CREDENTIALS"],
  [
    "azblob://bucket",
    'unable to open bucket "azblob://x": azureblob: Options.AccountName is required',
    "AZURE_STORAGE",
  ],
])("%s without credentials says what to set", (url, text, variable) => {
  const error = explain(`error: ${text}`, { stack: undefined, backend: parseBackend(url) });
  expect(error?.code).toBe("SW603");
  expect(error?.message).toContain(`${url.split("?")[0]} has no credentials`);
  expect(error?.message).not.toContain("region=x");
  expect(error?.hints.join()).toContain(variable);
});

test.each([
  [
    "open /states/.pulumi/stacks/x.json: permission denied",
    "SW603",
    "/states/.pulumi/stacks/x.json: permission denied",
  ],
  ["failed to save snapshot: write x.json: no space left on device", "SW603", "no space left on device"],
  ["mkdir /cache/home/workspaces: permission denied", "SW509", "/cache/home/workspaces: permission denied"],
  [
    "could not start: fork/exec /cache/engine/pulumi: permission denied",
    "SW509",
    "/cache/engine/pulumi: permission denied",
  ],
  ["EACCES: permission denied, open '/home/other/.pulumi/x'", "SW509", "/home/other/.pulumi/x: permission denied"],
  ["EROFS: read-only file system, mkdir '/ro/clusters'", "SW509", "/ro/clusters: read-only file system"],
])("%s is %s", (text, code, words) => {
  expect(explain(text)).toMatchObject({ code, message: expect.stringContaining(words) });
});

test.each(["ssh: permission denied (publickey)", "permission denied", "boom"])("%s is no fault of a folder", (text) => {
  expect(explain(text)).toBeUndefined();
});

test("what a resource was denied is its own", () => {
  expect(explain("EACCES: permission denied, open '/x/run.sh'", { isOfResource: true })).toBeUndefined();
});
