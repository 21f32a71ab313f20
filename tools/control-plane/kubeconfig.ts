import { readFileSync, writeFileSync } from "node:fs";
import { stringify } from "yaml";

export interface Server {
  /** Such as "https://127.0.0.1:20443". */
  readonly url: string;
  /** Path of the CA certificate. */
  readonly authority: string;
}

/** Authentication of a client: a certificate (paths) or a token. */
export type Credentials =
  | { readonly certificate: string; readonly key: string }
  | {
      readonly token: string;
    };

/** Writes a self-contained kubeconfig, readable by its owner only. */
export function writeKubeconfig(path: string, server: Server, credentials: Credentials): void {
  const user =
    "token" in credentials
      ? { token: credentials.token }
      : { "client-certificate-data": base64(credentials.certificate), "client-key-data": base64(credentials.key) };
  const config = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [
      {
        name: "control-plane",
        cluster: { server: server.url, "certificate-authority-data": base64(server.authority) },
      },
    ],
    users: [{ name: "user", user }],
    contexts: [{ name: "control-plane", context: { cluster: "control-plane", user: "user" } }],
    "current-context": "control-plane",
  };
  writeFileSync(path, stringify(config), { mode: 0o600 });
}

function base64(path: string): string {
  return readFileSync(path).toString("base64");
}
