import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { request } from "node:https";
import { join } from "node:path";
import { expect, test } from "vitest";
import { call, useAgentServerCommand } from "./support/agent-server-command.ts";

const { sandbox, folder, agents, secretFile, start, token } = useAgentServerCommand();

test("lives, memory, tasks and orders outlast SIGTERM and kill -9; who has registered goes on without doing it again", async () => {
  const bearer = await token("worker-0", "worker");
  const first = await start();
  const about = { instance: "worker-0", agent: "worker" };
  const agent = "/agent/v1";
  expect((await call(first.url, bearer, "POST", `${agent}/register`, about)).body).toMatchObject({
    epoch: 1,
    parent: "boss-0",
  });
  const memory = { epoch: 1, value: "kept", version: 0 };
  await call(first.url, bearer, "PUT", `${agent}/memory/k`, memory);
  for (const path of ["/healthz", "/readyz"]) expect((await fetch(`${first.url}${path}`)).status).toBe(200);
  // A call that waits is answered, not cut off.
  const waiting = call(first.url, bearer, "POST", `${agent}/tasks/lease`, { epoch: 1, waitMs: 20_000 });
  await fetch(`${first.url}/healthz`);
  expect(await first.kill("SIGTERM")).toMatchObject({ status: 0 });
  expect(await waiting).toMatchObject({ status: 200, body: { tasks: [] } });

  const second = await start();
  const beat = { epoch: 1, state: "idle" };
  expect((await call(second.url, bearer, "POST", `${agent}/heartbeat`, beat)).body).toMatchObject({ epoch: 1 });
  expect((await call(second.url, bearer, "GET", `${agent}/memory/k?epoch=1`)).body).toMatchObject({ value: "kept" });
  await second.kill("SIGKILL");

  const third = await start();
  expect((await call(third.url, bearer, "POST", `${agent}/register`, about)).body).toMatchObject({ epoch: 2 });
  expect(await call(third.url, bearer, "POST", `${agent}/heartbeat`, beat)).toMatchObject({ status: 409 });
  await third.kill("SIGTERM");
});

test("what is missing or wrong is said before it listens", async () => {
  const options = ["agent-server", "--listen", "0", "--folder", folder];
  const short = sandbox.write("short", "too short");
  const plan = sandbox.write("plan.json", '{"cluster":"team"}');
  const wrong: readonly [readonly string[], string, string][] = [
    [[], "SW801", "--secret-file is missing"],
    [["--secret-file", short], "SW608", "has 9 characters; 32 are the least"],
    [["--secret-file", secretFile], "SW801", "--agents is missing"],
    [["--secret-file", secretFile, "--agents", plan], "SW608", "is no plan of a cluster"],
    [
      ["--secret-file", secretFile, "--agents", agents, "--tls-cert", "x"],
      "SW801",
      "--tls-cert and --tls-key must be given together",
    ],
  ];
  for (const [args, code, words] of wrong) {
    const { status, stderr } = await sandbox.run([...options, ...args]);
    expect({ status, stderr }, args.join(" ")).toEqual({ status: 1, stderr: expect.stringContaining(code) });
    expect(stderr).toContain(words);
  }
  expect(
    await sandbox.run(["agent-server", "token", "x-0", "x", "--agents", agents, "--secret-file", secretFile]),
  ).toMatchObject({
    status: 1,
    stderr: expect.stringContaining("has no agent x (agents: boss, worker)"),
  });
});

test("with a certificate it speaks TLS only; one folder has one server", async () => {
  const [cert, key] = [join(sandbox.home, "cert.pem"), join(sandbox.home, "key.pem")];
  const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"];
  execFileSync(
    "openssl",
    [
      "req",
      "-x509",
      "-newkey",
      "ec",
      "-pkeyopt",
      "ec_paramgen_curve:prime256v1",
      "-nodes",
      "-days",
      "1",
      ...subject,
      "-keyout",
      key,
      "-out",
      cert,
    ],
    { stdio: "ignore" },
  );
  const server = await start(["--tls-cert", cert, "--tls-key", key]);
  expect(server.url).toMatch(/^https:/);
  const status = await new Promise((done, failed) => {
    request(`${server.url}/healthz`, { ca: readFileSync(cert) }, (answer) => done(answer.resume().statusCode))
      .on("error", failed)
      .end();
  });
  expect(status).toBe(200);
  await expect(fetch(server.url.replace("https", "http"))).rejects.toThrow();
  await server.kill("SIGTERM");
});
