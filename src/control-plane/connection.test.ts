import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import https from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { connectInPod, openConnection } from "./connection.ts";

function kubeconfig(user: object, cluster: object = {}) {
  return {
    "current-context": "a",
    contexts: [{ name: "a", context: { cluster: "a", user: "a" } }],
    clusters: [{ name: "a", cluster: { server: "https://a:6443", ...cluster } }],
    users: [{ name: "a", user }],
  };
}

function fileWith(content: string): string {
  const dir = mkdtempSync(join(tmpdir(), "swarm-connection-"));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  writeFileSync(join(dir, "file"), content);
  return join(dir, "file");
}

/** A program that hands out a token, as kubeconfigs of clouds name one. */
const credential = {
  apiVersion: "client.authentication.k8s.io/v1",
  kind: "ExecCredential",
  status: { token: "from-a-program" },
};
const exec = {
  apiVersion: credential.apiVersion,
  command: process.execPath,
  args: ["-e", `console.log(${JSON.stringify(JSON.stringify(credential))})`],
  interactiveMode: "Never",
};

test.each<{ title: string; user: () => object; want: string | undefined }>([
  { title: "a token", user: () => ({ token: "t" }), want: "Bearer t" },
  {
    title: "the file of a token, which wins",
    user: () => ({ token: "t", tokenFile: fileWith("f\n") }),
    want: "Bearer f",
  },
  { title: "a name and a password", user: () => ({ username: "u", password: "p" }), want: "Basic dTpw" },
  { title: "nothing", user: () => ({}), want: undefined },
  { title: "a program", user: () => ({ exec }), want: "Bearer from-a-program" },
])("a user with $title", async ({ user, want }) => {
  const connection = await openConnection(kubeconfig(user()), {});
  const headers = new Headers(await connection.headers());
  expect(headers.get("authorization") ?? undefined).toBe(want);
  expect(connection.server.href).toBe("https://a:6443/");
});

test("certificates are inline or files, and TLS options reach requests and watches", async () => {
  const inline = Buffer.from("inline").toString("base64");
  const cluster = { "certificate-authority-data": inline, "tls-server-name": "b", "insecure-skip-tls-verify": true };
  const user = { "client-certificate": fileWith("cert"), "client-key": fileWith("key") };
  const { agent, streamAgent } = await openConnection(kubeconfig(user, cluster), {});
  for (const each of [agent, streamAgent]) {
    expect(each).toBeInstanceOf(https.Agent);
    expect((each as https.Agent).options).toMatchObject({
      ...{ ca: Buffer.from("inline"), cert: Buffer.from("cert"), key: Buffer.from("key") },
      ...{ servername: "b", rejectUnauthorized: false },
    });
  }
  expect(streamAgent.maxSockets).toBe(Number.POSITIVE_INFINITY);
});

test("a proxy of the kubeconfig is used for requests and watches", async () => {
  const { agent, streamAgent } = await openConnection(kubeconfig({}, { "proxy-url": "http://127.0.0.1:9" }), {});
  expect(agent).toMatchObject({ proxy: { href: "http://127.0.0.1:9/" } });
  expect(streamAgent).toBe(agent);
});

test("with credentials of a program, connections are kept open, to the cluster that is chosen", async () => {
  const config = kubeconfig({ exec });
  const other = { server: "https://b:6443", "tls-server-name": "c" };
  const clusters = [...config.clusters, { name: "b", cluster: other }];
  const { agent, server } = await openConnection({ ...config, clusters }, { cluster: "b" });
  expect(server.href).toBe("https://b:6443/");
  expect((agent as https.Agent).options).toMatchObject({ keepAlive: true, servername: "c" });
});

test("outside of a pod there is no account of one", () => {
  expect(connectInPod({})).toBeUndefined();
});
