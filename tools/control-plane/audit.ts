import { existsSync, readFileSync } from "node:fs";
import { auditLog } from "./parts.ts";

/** Records the end of each request, without bodies. */
export const auditPolicy = `apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived, ResponseStarted]
rules:
  - level: Metadata
`;

/** A request with its response. */
export interface AuditedRequest {
  readonly user: { readonly username: string };
  readonly userAgent: string;
  readonly verb: string;
  readonly requestURI: string;
  readonly objectRef?: { readonly resource: string; readonly namespace?: string; readonly name?: string };
  readonly responseStatus: { readonly code: number };
}

export function readAudit(folder: string): readonly AuditedRequest[] {
  const path = auditLog(folder);
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, "utf8").split("\n");
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line));
}
