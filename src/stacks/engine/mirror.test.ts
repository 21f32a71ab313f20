import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import type { RequestListener } from "node:http";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { doctorEngine } from "./doctor.ts";
import { type FakeMachine, fakeMachine, fakePulumi, serveHttp } from "./fakes.fixture.ts";
import { findEngine } from "./find-engine.ts";
import { findLanguageHost } from "./find-language-host.ts";
import type { Engine } from "./model.ts";

const closed = { goFolders: [], installer: "http://127.0.0.1:9/install.sh", reachMs: 500 };

/** An archive as the vendor packs it: `pulumi/pulumi` with its language host beside it. */
async function archiveOf(machine: FakeMachine, version = "3.259.0", name = "pulumi"): Promise<string> {
  await machine.script(`packed/pulumi/${name}`, fakePulumi(version));
  await machine.script("packed/pulumi/pulumi-language-nodejs", "true");
  const file = join(machine.root, "pulumi.tar.gz");
  execFileSync("tar", ["-czf", file, "-C", join(machine.root, "packed"), "pulumi"]);
  return file;
}

const hashOf = (file: string) => createHash("sha256").update(readFileSync(file)).digest("hex");

async function serve(answer: RequestListener): Promise<string> {
  return `${await serveHttp(answer)}/engine.tar.gz`;
}

const find = (machine: FakeMachine, url: string, sha256: string | undefined): Promise<Engine> =>
  findEngine({ env: { ...machine.env, SWARM_ENGINE_URL: url, SWARM_ENGINE_SHA256: sha256 } }, closed);

test("a mirror comes before an engine on PATH, is checked by its hash, and is asked once", async () => {
  const machine = await fakeMachine();
  await machine.script("bin/pulumi", fakePulumi("3.261.0"));
  const file = await archiveOf(machine);
  const asked: (string | undefined)[] = [];
  const place = await serve((request, response) => {
    asked.push(request.headers.authorization);
    response.end(readFileSync(file));
  });
  const url = `http://reader:s%20ecret@${place}?key=hidden`;
  const engine = await find(machine, url, hashOf(file).toUpperCase());
  expect(engine).toMatchObject({
    origin: "mirror",
    version: "3.259.0",
    why: expect.stringContaining("its hash is right"),
  });
  expect(await find(machine, url, hashOf(file))).toMatchObject({ path: engine.path, origin: "mirror" });
  expect(asked).toEqual([`Basic ${Buffer.from("reader:s ecret").toString("base64")}`]);
  expect(await findLanguageHost(engine, { env: machine.env })).toMatchObject({ origin: "engine" });
  const [row] = (
    await doctorEngine({
      env: { ...machine.env, SWARM_ENGINE_URL: url, SWARM_ENGINE_SHA256: hashOf(file) },
      machine: closed,
    })
  ).filter(({ check }) => check === "engine");
  expect(row).toMatchObject({ status: "ok", detail: expect.stringContaining("mirror: SWARM_ENGINE_URL names it") });
});

test("a mirror may be a file; SWARM_ENGINE comes first", async () => {
  const machine = await fakeMachine();
  const file = await archiveOf(machine);
  const url = pathToFileURL(file).href;
  expect(await find(machine, url, hashOf(file))).toMatchObject({ origin: "mirror" });
  const given = await machine.script("given/pulumi", fakePulumi("3.262.0"));
  const env = { ...machine.env, SWARM_ENGINE: given, SWARM_ENGINE_URL: url, SWARM_ENGINE_SHA256: hashOf(file) };
  expect(await findEngine({ env }, closed)).toMatchObject({ path: given, origin: "given" });
});

test("doctor downloads nothing", async () => {
  const machine = await fakeMachine();
  const url = `http://${await serve(() => expect.unreachable("asked"))}`;
  const env = { ...machine.env, SWARM_ENGINE_URL: url, SWARM_ENGINE_SHA256: "0".repeat(64) };
  const rows = await doctorEngine({ env, machine: closed });
  expect(rows.find(({ check }) => check === "engine")).toMatchObject({
    status: "warn",
    detail: expect.stringContaining("none yet"),
  });
});

test("nothing of an archive with another hash is kept or run", async () => {
  const machine = await fakeMachine();
  const file = await archiveOf(machine);
  const url = `http://user:secret@${await serve((_request, response) => response.end(readFileSync(file)))}`;
  await expect(find(machine, url, "0".repeat(64))).rejects.toMatchObject({
    code: "SW513",
    message: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/engine\.tar\.gz: its SHA-256 is [0-9a-f]{64}, and /),
  });
  expect(execFileSync("find", [machine.cache, "-name", "pulumi", "-type", "f"], { encoding: "utf8" })).toBe("");
});

test.each<[string, RequestListener, RegExp]>([
  ["refuses", (_request, response) => response.writeHead(403).end(), /HTTP 403/],
  ["hangs up", (request) => void request.socket.destroy(), /cannot be reached/],
  [
    "sends half",
    (_request, response) =>
      void response.writeHead(200, { "content-length": "999" }).write("x", () => response.destroy()),
    /./,
  ],
])("a mirror that %s is refused, and no other way is tried", async (_title, answer, words) => {
  const machine = await fakeMachine();
  await machine.script("bin/pulumi", fakePulumi("3.261.0"));
  const found = find(machine, `http://${await serve(answer)}`, "0".repeat(64));
  await expect(found).rejects.toMatchObject({ code: "SW513", message: expect.stringMatching(words) });
});

test("archives without a usable engine are refused", async () => {
  const machine = await fakeMachine();
  const text = join(machine.root, "text");
  writeFileSync(text, "no archive");
  await expect(find(machine, pathToFileURL(text).href, hashOf(text))).rejects.toThrow(/cannot be unpacked/);
  const old = await archiveOf(machine, "3.1.0");
  await expect(find(machine, pathToFileURL(old).href, hashOf(old))).rejects.toThrow(/v3\.1\.0 is older/);
  const empty = await fakeMachine();
  mkdirSync(join(empty.root, "packed"), { recursive: true });
  const other = await archiveOf(empty, "3.259.0", "other");
  await expect(find(empty, pathToFileURL(other).href, hashOf(other))).rejects.toThrow(/holds no pulumi\/pulumi/);
});

test.each([
  ["", undefined, "ignored"],
  ["ftp://host/x", "0".repeat(64), "is not the address"],
  ["host/x", "0".repeat(64), "is not the address"],
  ["https://host/x", undefined, "SWARM_ENGINE_SHA256 is not set"],
  ["https://host/x", "abc", "is no SHA-256"],
])("SWARM_ENGINE_URL %j with hash %j: %s", async (url, hash, words) => {
  const machine = await fakeMachine();
  const pulumi = await machine.script("bin/pulumi", fakePulumi("3.261.0"));
  if (url === "") expect(await find(machine, url, hash)).toMatchObject({ path: pulumi });
  else
    await expect(find(machine, url, hash)).rejects.toMatchObject({
      code: "SW513",
      message: expect.stringContaining(words),
    });
});
