import { homedir } from "node:os";
import { join } from "node:path";
import { packageVersion } from "../../version.ts";
import { serveProvider } from "../base/serve.ts";
import { agentPool } from "./agent-pool.ts";
import { desired } from "./desired.ts";
import { pvcs } from "./pvcs.ts";
import { scale } from "./scale.ts";
import { supervisor } from "./supervisor.ts";

// Entry points of swarmctl set SWARM_HOME; a plain `pulumi` uses the same default (src/stacks/settings.ts).
const home = process.env.SWARM_HOME ?? join(homedir(), ".swarmstack");

await serveProvider(
  {
    name: "swarmstack",
    version: packageVersion(),
    resources: {
      "swarmstack:index:Desired": desired(home),
      "swarmstack:index:Supervisor": supervisor,
      "swarmstack:index:AgentPool": agentPool,
      "swarmstack:index:Scale": scale,
      "swarmstack:index:Claims": pvcs,
    },
  },
  process.argv.slice(2),
);
