/** An agent that drains without saving its state. */
export const forgetfulAgent = `
import { readFileSync } from "node:fs";

const { SWARM_API, SWARM_INSTANCE: instance, SWARM_AGENT: agent, SWARM_TOKEN_FILE } = process.env;

async function call(path, body) {
  const response = await fetch(SWARM_API + "/agent/v1" + path, {
    method: "POST",
    headers: { authorization: "Bearer " + readFileSync(SWARM_TOKEN_FILE, "utf8"), "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(await response.text());
  return response.json();
}

const { epoch, hold } = await call("/register", { instance, agent });
let state = hold ? "drained" : "idle";
for (;;) {
  const { hold } = await call("/heartbeat", { epoch, state, openTasks: [] });
  state = hold ? "drained" : "idle";
  await new Promise((done) => setTimeout(done, 200));
}
`;
