import { join } from "node:path";
import { afterAll } from "vitest";
import { team } from "../../support/blueprints.ts";
import { Sandbox, until } from "../../support/sandbox.ts";

/** Runs `swarmctl agent-server` for the agents of a small team, in a temporary home folder. */
export function useAgentServerCommand() {
  const sandbox = new Sandbox();
  const folder = join(sandbox.home, "server");
  const agents = sandbox.write("team.yaml", team({ id: "team", workers: "2" }));
  const secretFile = sandbox.write("secret", "a secret of at least 32 characters, for tests");
  afterAll(() => sandbox.dispose());

  /** Starts the command as a process and waits until it is ready. */
  async function start(more: readonly string[] = [], variables: NodeJS.ProcessEnv = {}) {
    const options = ["--agents", agents, "--folder", folder, "--secret-file", secretFile, "--listen", "0", "--json"];
    const { child, finished } = sandbox.start(["agent-server", ...options, ...more], variables);
    let lines: { type?: string; url?: string; kind?: string }[] = [];
    let text = "";
    child.stdout?.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      lines = text
        .split("\n")
        .slice(0, -1)
        .map((line) => JSON.parse(line));
    });
    const gone = finished.then((end) => ({ ...end, url: undefined }));
    const ready = await until("it is ready", () => Promise.race([gone, lines.find(({ type }) => type === "ready")]));
    if (ready.url === undefined) throw new Error(`it has ended: ${JSON.stringify(ready)}`);
    const kill = (signal: NodeJS.Signals) => {
      child.kill(signal);
      return finished;
    };
    return { url: ready.url, kill };
  }

  async function token(instance: string, agent: string): Promise<string> {
    const args = ["agent-server", "token", instance, agent, "--agents", agents, "--secret-file", secretFile];
    return (await sandbox.json<{ token: string }>(args)).token;
  }

  return { sandbox, folder, agents, secretFile, start, token };
}

/** Calls the agent API with a bearer token. */
export async function call(url: string, bearer: string, method: string, path: string, body?: object) {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { authorization: `Bearer ${bearer}`, ...(body && { "content-type": "application/json" }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}
