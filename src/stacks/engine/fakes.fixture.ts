import { chmod, mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { createServer, type RequestListener } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import type { Environment } from "./model.ts";

/** A simulated machine in a folder: a home, a cache and a PATH with only the shell's tools and what a test adds. */
export interface FakeMachine {
  readonly root: string;
  readonly cache: string;
  readonly env: Environment;
  /** Writes a shell script; the path is relative to the root. */
  script(path: string, body: string): Promise<string>;
}

export async function fakeMachine(): Promise<FakeMachine> {
  const root = await realpath(await mkdtemp(join(tmpdir(), "swarm-engine-")));
  onTestFinished(() => rm(root, { recursive: true, force: true, maxRetries: 10 }));
  const cache = join(root, "cache");
  await mkdir(join(root, "bin"));
  return {
    root,
    cache,
    env: { HOME: join(root, "home"), PATH: `${join(root, "bin")}:/usr/bin:/bin`, SWARM_CACHE: cache },
    async script(path, body) {
      const file = join(root, path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, `#!/bin/sh\n${body}\n`);
      await chmod(file, 0o755);
      return file;
    },
  };
}

/** A fake Pulumi CLI that only prints its version. */
export function fakePulumi(version: string): string {
  return `[ "$1" = version ] && echo v${version}`;
}

/**
 * A fake go that downloads one module, "compiles" three packages and writes an executable; runs `inBuild` during a build.
 * Each build adds a line to `go.log` in the machine's root.
 */
export function fakeGo(machine: FakeMachine, inBuild = ":", version = "1.26.8"): string {
  const { root } = machine;
  return `
case "$1" in
env) echo '{"GOVERSION":"go${version}","GOCACHE":"${root}/go-build","GOMODCACHE":"${root}/go-mod"}' ;;
list)
  echo "go: downloading example.com/one v1.0.0" >&2
  printf 'one\\ntwo\\nthree\\n' ;;
build)
  echo "build $$ in $PWD" >> ${root}/go.log
  echo one >&2
  ${inBuild}
  while [ "$1" != -o ]; do shift; done
  echo two >&2
  echo "$3" >&2
  printf '#!/bin/sh\\necho v3.259.0\\n' > "$2"
  chmod 755 "$2" ;;
esac`;
}

/** Serves HTTP on loopback until the end of the test. @returns host and port */
export async function serveHttp(answer: RequestListener): Promise<string> {
  const server = createServer(answer).listen(0, "127.0.0.1");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await new Promise((resolve) => server.once("listening", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return `127.0.0.1:${address.port}`;
}
