import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { childEnvironment, removedFrom } from "./child-environment.ts";
import { loopbackExempt } from "./loopback.ts";
import { splitNodeOptions } from "./node-options.ts";

const options: readonly (readonly [text: string, kept: string | undefined])[] = [
  ["--require /tmp/noisy.cjs", undefined],
  ["-r /tmp/noisy.cjs --max-old-space-size=4096", "--max-old-space-size=4096"],
  ["--max_old_space_size=4096 --import=tsx", "--max_old_space_size=4096"],
  ['--import "/a folder/hook.mjs" --use-system-ca', "--use-system-ca"],
  ['--require "/a \\"b\\" c.cjs" --dns-result-order ipv4first', "--dns-result-order ipv4first"],
  ["--inspect --inspect-brk=0.0.0.0:9229 --debug-port 1", undefined],
  ["--loader ts-node/esm --no-warnings", "--no-warnings"],
  ["--trace-warnings --prof --cpu-prof --heap-prof --report-on-signal", undefined],
  ["--conditions development --permission --allow-fs-read=*", undefined],
  ["--no-experimental-sqlite --throw-deprecation --preserve-symlinks", undefined],
  [
    "--tls-min-v1.2 --tls-cipher-list=A:B --openssl-config /etc/ssl.cnf",
    "--tls-min-v1.2 --tls-cipher-list=A:B --openssl-config /etc/ssl.cnf",
  ],
  ["", undefined],
  ["   ", undefined],
];

test.each(options)("NODE_OPTIONS %j keeps %j", (text, kept) => {
  expect(splitNodeOptions(text).kept).toBe(kept);
});

/** The launchers of the plugins split at spaces, and give a word with quotes up. */
test.each(options)("a plugin's launcher splits NODE_OPTIONS %j alike", (text, kept) => {
  const script = `here=/nowhere; . "${join(import.meta.dirname, "../../../plugins/node.sh")}"; printf %s "$NODE_OPTIONS"`;
  expect(execFileSync("sh", ["-c", script], { encoding: "utf8", env: { NODE_OPTIONS: text } })).toBe(kept ?? "");
});

const local = ["localhost", "127.0.0.1", "::1"];

test.each([
  [{}, undefined],
  [{ NO_PROXY: "a" }, undefined],
  [{ https_proxy: "" }, undefined],
  [{ https_proxy: "http://proxy:1" }, local],
  [{ HTTPS_PROXY: "http://proxy:1" }, local],
  [{ http_proxy: "p", NO_PROXY: "a.b, .c" }, ["a.b", ".c", ...local]],
  [{ all_proxy: "p", no_proxy: " localhost ,10.0.0.0/8" }, ["localhost", "10.0.0.0/8", "127.0.0.1", "::1"]],
  [{ grpc_proxy: "p", no_grpc_proxy: "x", no_proxy: "y", NO_PROXY: "z" }, ["x", "y", "z", ...local]],
  [{ http_proxy: "p", no_proxy: "*" }, ["*", ...local]],
])("%j: loopback is exempt, and what the user exempts", (env, hosts) => {
  const list = hosts?.join(",");
  expect(loopbackExempt(env)).toEqual(
    list === undefined ? {} : { no_grpc_proxy: list, no_proxy: list, NO_PROXY: list },
  );
});

const hostile = {
  NODE_OPTIONS: "--require /x.cjs --use-system-ca",
  NODE_V8_COVERAGE: "/c",
  NODE_DEBUG: "net",
  NODE_TEST_CONTEXT: "child-v8",
  GRPC_TRACE: "all",
  GRPC_VERBOSITY: "DEBUG",
  PULUMI_OPTION_JSON: "true",
  PULUMI_RUN_PROGRAM: "true",
  PULUMI_IGNORE_AMBIENT_PLUGINS: "true",
  PULUMI_DEBUG_PROVIDERS: "swarmstack:1",
  PULUMI_NODEJS_MONITOR: "127.0.0.1:1",
};
const needed = {
  PATH: "/bin",
  HOME: "/h",
  AWS_PROFILE: "p",
  GOOGLE_APPLICATION_CREDENTIALS: "/g",
  NODE_EXTRA_CA_CERTS: "/ca",
  NODE_PATH: "/m",
  SSL_CERT_FILE: "/s",
  LD_PRELOAD: "/l.so",
  PULUMI_ACCESS_TOKEN: "t",
  PULUMI_CONFIG_PASSPHRASE_FILE: "/p",
  PULUMI_HOME: "/ph",
  PULUMI_STACK: "s",
  TF_LOG: "trace",
};

test("children get all but what breaks them", () => {
  expect(childEnvironment({ ...hostile, ...needed, UNSET: undefined })).toEqual({
    ...needed,
    NODE_OPTIONS: "--use-system-ca",
  });
});

test("the engine's command line keeps what the user tells the engine, and in a project of the user what it tells Node", () => {
  const { NODE_OPTIONS, PULUMI_OPTION_JSON, PULUMI_RUN_PROGRAM, PULUMI_DEBUG_PROVIDERS, PULUMI_NODEJS_MONITOR } =
    hostile;
  const told = { PULUMI_OPTION_JSON, PULUMI_RUN_PROGRAM, PULUMI_DEBUG_PROVIDERS, PULUMI_NODEJS_MONITOR };
  const isCommandLine = true;
  const child = childEnvironment({ ...hostile, ...needed }, { isCommandLine });
  expect(child).toEqual({ ...needed, ...told, NODE_OPTIONS: "--use-system-ca" });
  expect(childEnvironment({ ...hostile, ...needed }, { isCommandLine, isUsersProject: true })).toEqual({
    ...needed,
    ...{ NODE_OPTIONS, PULUMI_OPTION_JSON, PULUMI_RUN_PROGRAM, PULUMI_DEBUG_PROVIDERS, PULUMI_NODEJS_MONITOR },
  });
});

test("what is taken out is named, its values are not", () => {
  const names = removedFrom({ ...hostile, ...needed }).map(({ name }) => name);
  expect(names).toEqual(["NODE_OPTIONS --require /x.cjs", ...Object.keys(hostile).slice(1)]);
  expect(removedFrom(needed)).toEqual([]);
});
