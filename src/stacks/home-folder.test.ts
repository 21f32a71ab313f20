import { expect, test } from "vitest";
import { homeFolder } from "./home-folder.ts";
import { readSettings } from "./settings.ts";

const account = () => "/home/of/account";

test.each([
  [{ HOME: "/home/me" }, "/home/me"],
  [{}, "/home/of/account"],
  [{ HOME: undefined }, "/home/of/account"],
])("%j: %s", (env, home) => {
  expect(homeFolder(env, account)).toBe(home);
});

test.each([
  [{ HOME: "" }, "HOME is empty"],
  [{ HOME: "me" }, "HOME is me, which is not an absolute path"],
  [{ HOME: "./me" }, "HOME is ./me, which is not an absolute path"],
  [{ HOME: "~" }, "HOME is ~, which is not an absolute path"],
])("%j is refused", (env, message) => {
  expect(() => homeFolder(env, account)).toThrow(expect.objectContaining({ code: "SW509", message }));
});

test("an account without a home folder is refused", () => {
  expect(() => homeFolder({}, () => "")).toThrow(expect.objectContaining({ code: "SW509" }));
});

test("settings need no HOME where SWARM_HOME and SWARM_CACHE name the folders, and refuse a wrong one else", () => {
  const named = { HOME: "", SWARM_HOME: "/swarm", SWARM_CACHE: "/cache" };
  expect(readSettings(named)).toMatchObject({ home: "/swarm", cache: "/cache", backend: { dir: "/swarm/backend" } });
  for (const env of [{ ...named, SWARM_HOME: "" }, { ...named, SWARM_CACHE: "" }, { HOME: "" }]) {
    expect(() => readSettings(env)).toThrow(expect.objectContaining({ code: "SW509" }));
  }
});
