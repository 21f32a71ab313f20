import { cpSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../../src/stacks/project.ts";
import { type Finished, Sandbox } from "../../support/sandbox.ts";

/** Makes the package in the checkout resolvable from a project, without an installation. */
function linkCheckout(folder: string): void {
  const modules = join(folder, "node_modules");
  mkdirSync(join(modules, "@pulumi"), { recursive: true });
  symlinkSync(packageRoot, join(modules, "swarmstack"));
  // The checkout's copy, so that the process loads one SDK only.
  symlinkSync(join(packageRoot, "node_modules", "@pulumi", "pulumi"), join(modules, "@pulumi", "pulumi"));
}

/** A copy of an example in the home folder of a sandbox, with a stack `dev`. */
export class ExampleProject {
  readonly sandbox = new Sandbox();
  readonly folder = this.sandbox.home;
  readonly name: string;

  /** @param install creates `node_modules` in the folder */
  constructor(name: string, install: (folder: string) => void = linkCheckout) {
    this.name = name;
    cpSync(join(packageRoot, "examples", name), this.folder, { recursive: true });
    install(this.folder);
  }

  /** Runs the engine's command line as a user of the project does. */
  pulumi(args: readonly string[], variables: NodeJS.ProcessEnv = {}): Promise<Finished> {
    return this.sandbox.run(["pulumi", ...args, "--non-interactive", "--stack", "dev"], variables);
  }

  /** Name of one of its clusters for `--stack`. */
  cluster(component: string): string {
    return `${this.name}/dev/${component}`;
  }
}
