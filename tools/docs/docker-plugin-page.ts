import { renderPlugin } from "./plugin-page.ts";

const sections: Readonly<Record<string, string>> = {
  "1": "Containers",
  "2": "Networks and volumes",
  "3": "Owners",
  "4": "Images",
  "5": "Configuration, an unreachable daemon",
  "6": "Lifecycle of a stack",
};

/** The page of the offline docker plugin. */
export function renderDockerPlugin(): string {
  const tests = [
    "src/providers/docker/**/*.test.ts",
    "test/docker/plugin/**/*.test.ts",
    "test/full/docker/**/*.test.ts",
  ];
  return renderPlugin({ introduction, sections, tests });
}

const introduction = `# The offline docker plugin

\`plugins/docker\` stands in for the official provider 5.2.0 (a bridge to terraform-provider-docker) where that one is not
installed and cannot be downloaded. It has Container, Network, Volume and RemoteImage, with the official names of inputs and
outputs, ids and defaults. Made from the titles of the tests by \`npm run docs\`; the real dockerd runs in those below
\`test/\`.

What differs on purpose:

- Every object that can have labels has \`swarmstack.dev/owner\`: the resource's URN and the id of its provider resource. It is
  in no inputs and outputs. A create that finds its own object, left by a killed run, adopts it; any other is refused with its
  owner. (The official provider takes over any volume of the name, and makes a second network of it on an old daemon.)
- A container that is there and did not come up is recorded with the reason, and the next update goes on from there. Where a
  health check was waited for, the reason is what the check, or the container, said last.
- A change of \`healthcheck\`, \`tmpfs\`, \`init\` or \`rm\` replaces the container; the official provider records it and leaves
  the container as it is. So does a \`command\` or another setting with a default of the image that is taken out of the program.
- A refresh sees a tag that is another image in its registry by now: the daemon asks, and the update pulls it. Triggers for a
  pull (\`pullTriggers\`) pull also where the name is here already.
- Previews ask no daemon.
- An image that is built (\`build\`: \`context\` and \`dockerfile\`) is built again under its name where \`build\` or \`triggers\`
  change, and what it was before goes once nothing runs it. The same triggers say that another \`context\` is another checkout of
  the same content: no change. Files are sent as root's, of no time. The daemon's own builder does it, not BuildKit.
- \`attach\`, \`logs\`, limits of block devices, all else of \`build\`, certificates as text, functions and all other types are refused with a message.
`;
