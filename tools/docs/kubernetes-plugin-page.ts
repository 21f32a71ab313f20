import { renderPlugin } from "./plugin-page.ts";

/** Sections of the observed behaviour of the official provider, by which the tests are titled. */
const sections: Readonly<Record<string, string>> = {
  "1": "Configuration",
  "2": "Identity, names, state shape",
  "3": "Create",
  "4": "Update",
  "5": "Replacement",
  "6": "Waits",
  "7": "Refresh, import, get",
  "8": "Delete",
  "9": "API server down",
  "10": "Custom kinds",
  "13": "Lifecycle of a stack",
};

/** The page of the offline kubernetes plugin. */
export function renderKubernetesPlugin(): string {
  const tests = [
    "src/providers/kubernetes/**/*.test.ts",
    "test/kubernetes/**/*.test.ts",
    "test/full/kubernetes/**/*.test.ts",
  ];
  return renderPlugin({ introduction, sections, tests });
}

const introduction = `# The offline kubernetes plugin

\`plugins/kubernetes\` stands in for the official provider 4.34.2 where that one is not installed and cannot be downloaded. It
keeps the official state shape and texts. Made from the titles of the tests by \`npm run docs\`; the real API server runs in
those below \`test/\`.

What differs on purpose:

- Every object has the annotation \`swarmstack.dev/owner\`: the resource's URN and the id of its provider resource. It is in no
  inputs. A create that finds its own object, left by a killed run, adopts it; any other is refused with its owner.
- A delete, a refresh or an update leaves alone what another stack has made under the same name since.
- In a preview of a create, what only the server knows (\`metadata.uid\`, \`status\`, a Service's address) is unknown instead of undefined.
- A Service with a selector is there at once. A claim honours its timeout.
- An import takes what \`kubectl apply\` was given, or the object without the server's fields and usual defaults.
- Unknown fields and deprecated versions are warnings in the display. Secrets in messages and errors read \`[secret]\`.
- Only server-side apply. Patch resources, \`yaml\`, \`helm\` and \`kustomize\` are refused with a message.
`;
