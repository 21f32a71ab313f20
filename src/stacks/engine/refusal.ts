import { SwarmError } from "../../errors.ts";
import { type EngineSource, sources } from "./model.ts";

/** SW501: which sources were tried, why each failed, and three remedies. */
export function noEngine(tried: readonly string[], allowed: readonly EngineSource[]): SwarmError {
  const limits = allowed.length < sources.length ? [`allowed ways: ${allowed.join(", ") || "none"}`] : [];
  const reasons = [...tried, ...limits].map((line) => `\n- ${line}`).join("");
  return new SwarmError("SW501", `no Pulumi engine was found${reasons}`, {
    hints: [
      "install the official Pulumi CLI and put it on PATH, or in ~/.pulumi/bin",
      "or let it be downloaded: this machine must reach get.pulumi.com",
      "or install Go 1.26 or newer and let it reach a Go module proxy (GOPROXY): the engine is built from its modules",
    ],
    values: { tried, allowed },
  });
}

/** Why each source failed, from an SW501; undefined for any other error. */
export function triedWays(error: SwarmError): readonly string[] | undefined {
  const { tried } = error.values;
  return Array.isArray(tried) ? tried.map(String) : undefined;
}

/** SW505: why there is no provider plugin, and remedies. */
export function noProvider(name: string, version: string, reason: string): SwarmError {
  return new SwarmError("SW505", `the engine has no ${name} plugin v${version}\n- ${reason}`, {
    hints: [
      `on a machine with a network: pulumi plugin install resource ${name} ${version}`,
      "or choose another --target",
    ],
    values: { plugin: name, version, reason },
  });
}

/** SW503: the same for the language host. */
export function noLanguageHost(tried: readonly string[]): SwarmError {
  const reasons = tried.map((line) => `\n- ${line}`).join("");
  return new SwarmError("SW503", `no Node.js language host (pulumi-language-nodejs) was found${reasons}`, {
    hints: [
      "install the official Pulumi CLI, which includes it, and put it on PATH",
      "or install Go 1.26 or newer and let it reach a Go module proxy (GOPROXY): the host is built from its modules",
    ],
    values: { tried },
  });
}
