import * as pulumi from "@pulumi/pulumi";
import { SwarmError } from "./errors.ts";
import { createProgram, prepareProgram } from "./program/cluster-program.ts";

/**
 * The Pulumi program: one cluster, named after its stack. `pulumi up` runs it directly; the runner prepares it before it
 * starts the engine. The engine accepts no other export beside the default one.
 */
export default async function program(): Promise<Record<string, unknown>> {
  const cluster = pulumi.getStack();
  try {
    return createProgram(cluster, await prepareProgram(cluster, {}, (text) => pulumi.log.warn(text)));
  } catch (error) {
    // RunError: the engine shows the message alone, without a stack.
    if (error instanceof SwarmError) throw new pulumi.RunError(error.message);
    throw error;
  }
}
