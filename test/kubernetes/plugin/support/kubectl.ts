import { execFile } from "node:child_process";

/** Runs kubectl like a user, with its own field managers. Resolves to its output. */
export type Kubectl = (args: readonly string[], stdin?: object) => Promise<string>;

export function kubectlOf({ kubectl, kubeconfig }: { kubectl: string; kubeconfig: string }): Kubectl {
  return (args, stdin) =>
    new Promise((resolve, reject) => {
      const env = { ...process.env, KUBECONFIG: kubeconfig };
      const child = execFile(kubectl, [...args], { env }, (error, stdout, stderr) =>
        error === null ? resolve(stdout.trim()) : reject(new Error(`kubectl ${args.join(" ")}: ${stderr}`)),
      );
      child.stdin?.end(stdin === undefined ? "" : JSON.stringify(stdin));
    });
}
