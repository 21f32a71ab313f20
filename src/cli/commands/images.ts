import { Argument, Command } from "commander";
import { findDocker } from "../../docker-host/address.ts";
import { callingDocker, connectDocker, DockerFailure } from "../../docker-host/connect.ts";
import { SwarmError, toSwarmError } from "../../errors.ts";
import { agentImage } from "../../images/agent.ts";
import { type BuiltImage, buildImage } from "../../images/build-image.ts";
import { egressImage } from "../../images/egress.ts";
import { createContext, type GlobalOptions } from "../context.ts";
import { examples } from "../examples.ts";
import { duration, type Output } from "../output.ts";
import { table } from "../table.ts";

const recipes = { agent: agentImage, egress: egressImage } as const;
type ImageName = keyof typeof recipes;
const all: readonly ImageName[] = ["agent", "egress"];

interface BuildOptions extends GlobalOptions {
  readonly context?: string;
}

export function imagesCommand(): Command {
  return new Command("images").addCommand(buildCommand());
}

function buildCommand(): Command {
  return new Command("build")
    .description("build the images and load them into a Docker daemon, once per daemon and version")
    .addArgument(new Argument("[images...]", "images to build (default: all)").choices(all))
    .option("--context <context>", "URL of the daemon, or a Docker context (default: the current one)")
    .option("--json", "print JSON for scripts")
    .addHelpText(
      "after",
      `${examples([
        "swarmctl images build",
        "swarmctl images build agent --context build-host",
        "swarmctl images build --context tcp://127.0.0.1:2375 --json",
      ])}

Requires Linux. The images contain this machine's Node.js and busybox, and Debian's squid for the proxy. An unchanged image keeps
its id. The default daemon is that of DOCKER_HOST, then DOCKER_CONTEXT, then the default socket.`,
    )
    .action(async (named: readonly ImageName[], _options: BuildOptions, command: Command) => {
      const options = command.optsWithGlobals<BuildOptions>();
      const { output } = createContext(options);
      const names = named.length === 0 ? all : [...new Set(named)];
      const { built, failures } = await buildAll(output, names, options.context);
      const [first] = failures;
      if (output.json) output.event({ type: "images", images: built });
      else if (built.length > 0) output.result(built, () => imageTable(built));
      if (first !== undefined) throw first;
    });
}

/** Builds all images; a failure of one does not stop the others. */
async function buildAll(
  output: Output,
  names: readonly ImageName[],
  context: string | undefined,
): Promise<{ readonly built: readonly BuiltImage[]; readonly failures: readonly SwarmError[] }> {
  const address = findDocker(context, process.env);
  const docker = await connectDocker(address);
  await callingDocker(address, () => docker.ping());
  const built: BuiltImage[] = [];
  const failures: SwarmError[] = [];
  for (const recipe of names.map((name) => recipes[name])) {
    const began = performance.now();
    const tell = (phase: string) => {
      if (output.json) output.event({ type: "image", name: recipe.name, phase });
      else output.note(`${recipe.name}: ${phase} (${duration(performance.now() - began)})`);
    };
    try {
      built.push(await buildImage({ docker, address }, recipe, tell));
    } catch (error) {
      failures.push(refusedBy(address.url, recipe.name, error));
    }
  }
  return { built, failures };
}

function refusedBy(url: string, image: string, error: unknown): SwarmError {
  if (!(error instanceof DockerFailure)) return toSwarmError(error);
  const message = `the Docker daemon on ${url} rejected the image ${image}: ${error.message}`;
  return new SwarmError("SW738", message, { cause: error, values: { url, image, status: error.status } });
}

function imageTable(built: readonly BuiltImage[]): string {
  return table(
    ["IMAGE", "ID", ""],
    built.map(({ name, id, isNew }) => [name, id, isNew ? "built" : "unchanged"]),
  );
}
