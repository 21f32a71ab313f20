import { writeFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";

const values = {
  env: "planted-environment-value-7f3a",
  file: "planted-file-value-91bc",
  config: "planted-configuration-value-d20e",
} as const;

/** Sets values for the secret references of the fixtures. */
export function plantSecrets(): void {
  process.env.SWARM_TEST_OPENAI_API_KEY = values.env;
  process.env.HF_TOKEN = values.env;
  pulumi.runtime.setAllConfig({ "swarmstack:token": values.config }, ["swarmstack:token"]);
  writeFileSync(join(import.meta.dirname, "fixtures/token.txt"), `${values.file}\n`);
}

export function planted(): readonly string[] {
  return Object.values(values);
}
