import { expect, test } from "vitest";
import { readSettings } from "./settings.ts";
import { backendOf } from "./user-project.ts";

const project = "name: shop\nruntime: nodejs\nbackend:\n  url: file:///srv/states\n";

test.each([
  { what: "the project's own backend", text: project, env: {}, url: "file:///srv/states" },
  { what: "swarmctl's where it names none", text: "name: shop\n", env: {}, url: "file:///home/u/.swarmstack/backend" },
  { what: "PULUMI_BACKEND_URL before both", text: project, env: { PULUMI_BACKEND_URL: "s3://a" }, url: "s3://a" },
  { what: "SWARM_BACKEND before both", text: project, env: { SWARM_BACKEND: "file:///b" }, url: "file:///b" },
])("$what", ({ text, env, url }) => {
  expect(backendOf(text, readSettings({ HOME: "/home/u", ...env })).url).toBe(url);
});
