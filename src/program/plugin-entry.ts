import { accessSync, constants, existsSync } from "node:fs";
import { delimiter, dirname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { isMap, isSeq, parseDocument } from "yaml";
import { z } from "zod";
import { SwarmError } from "../errors.ts";

const pluginName = "swarmstack";
const executable = `pulumi-resource-${pluginName}`;
const packageFolder = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");

const projectSchema = z.object({
  name: z.string(),
  plugins: z
    .object({ providers: z.array(z.object({ name: z.string(), path: z.string().optional() })).nullish() })
    .nullish(),
});

/** Path of the plugin's folder, in the form for a Pulumi.yaml in `folder`. */
export function pluginPath(folder: string): string {
  const installed = join("node_modules", "swarmstack", "plugins", pluginName);
  if (existsSync(join(folder, installed))) return installed.split(sep).join("/");
  const path = relative(folder, join(packageFolder, "plugins", pluginName))
    .split(sep)
    .join("/");
  return path.startsWith(".") ? path : `./${path}`;
}

/** Lines of a Pulumi.yaml that name the plugin. */
function pluginLines(path: string): string {
  return ["plugins:", "  providers:", `    - { name: ${pluginName}, path: ${path} }`].join("\n");
}

/** Path of the plugin in a Pulumi.yaml; undefined if it names none. */
export function namedPlugin(text: string): string | undefined {
  return read(text)?.plugins?.providers?.find(({ name }) => name === pluginName)?.path;
}

/** The project's name in a Pulumi.yaml; undefined if the file is not valid. */
export function projectName(text: string): string | undefined {
  return read(text)?.name;
}

function read(text: string): z.infer<typeof projectSchema> | undefined {
  return projectSchema.safeParse(parseDocument(text).toJS()).data;
}

/** Adds the plugin to the text of a Pulumi.yaml; keeps everything else, including comments. */
export function withPlugin(text: string, path: string): string {
  const document = parseDocument(text);
  const entry = document.createNode({ name: pluginName, path });
  entry.flow = true;
  const providers = document.getIn(["plugins", "providers"]);
  if (!isSeq(providers)) {
    document.setIn(["plugins", "providers"], document.createNode([entry]));
    return document.toString();
  }
  const index = providers.items.findIndex((item) => isMap(item) && item.get("name") === pluginName);
  if (index === -1) providers.add(entry);
  else providers.set(index, entry);
  return document.toString();
}

/** Finds the nearest Pulumi.yaml in a folder or above it. */
export function findProjectFile(from: string): string | undefined {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    const file = ["Pulumi.yaml", "Pulumi.yml"].map((name) => join(folder, name)).find((path) => existsSync(path));
    if (file !== undefined || dirname(folder) === folder) return file;
  }
}

/**
 * Checks that the engine can find the plugin: named in the project's file, or on PATH.
 *
 * @param file the project's Pulumi.yaml
 * @throws SwarmError SW508 with the lines that are missing
 */
export function requirePlugin(file: string, text: string, env: NodeJS.ProcessEnv): void {
  const folder = dirname(file);
  const path = namedPlugin(text);
  if (path !== undefined && existsSync(join(resolve(folder, path), executable))) return;
  if (path === undefined && (env.PATH ?? "").split(delimiter).some((entry) => isExecutable(join(entry, executable)))) {
    return;
  }
  const what = path === undefined ? "does not name the swarmstack plugin" : `names no plugin that exists: ${path}`;
  throw new SwarmError("SW508", `${file} ${what}; add these lines to it:\n\n${pluginLines(pluginPath(folder))}\n`, {
    hints: ["npx swarmctl init --pulumi writes them"],
    values: { file, path },
  });
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
