import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { readBuildContext } from "../../docker-host/build-context.ts";
import { SwarmError } from "../../errors.ts";
import { readKnowledge } from "./knowledge.ts";
import type { Resolver } from "./resolver.ts";

/** Reads from the environment of this process, the configuration of its stack, and files relative to `folder`. */
export function createResolver(
  folder: string,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Resolver {
  return {
    secret(name, reference) {
      switch (reference.kind) {
        case "env":
          return pulumi.secret(
            present(env[reference.variable], name, `the environment variable ${reference.variable}`),
          );
        case "file":
          return pulumi.secret(present(readText(resolve(folder, reference.path)), name, `the file ${reference.path}`));
        case "config":
          return readConfig(name, reference.key);
      }
    },
    path: (path) => resolve(folder, path),
    buildContext: (path) => readBuildContext(resolve(folder, path)),
    knowledge: (path) => readKnowledge(resolve(folder, path)),
  };
}

function readConfig(name: string, key: string): pulumi.Output<string> {
  const [scope, rest] = key.includes(":") ? key.split(":", 2) : [undefined, key];
  const value = new pulumi.Config(scope).getSecret(rest ?? key);
  if (value === undefined) throw missing(name, `the stack's configuration ${key}`);
  return value;
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8").replace(/\r?\n$/, "");
  } catch {
    return undefined;
  }
}

function present(value: string | undefined, name: string, location: string): string {
  if (value === undefined || value === "") throw missing(name, location);
  return value;
}

function missing(name: string, location: string): SwarmError {
  return new SwarmError("SW608", `secret ${name} has no value: ${location} is not set, not readable or empty`, {
    values: { secret: name },
  });
}
