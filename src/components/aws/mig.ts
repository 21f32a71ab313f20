/**
 * User data that cuts each GPU of a node into slices at boot, before any process uses it. EKS joins it with its own
 * parts, so it is a MIME message; base64, as a launch template has it.
 */
export function cutGpus(profile: string, slices: number): string {
  const script = [
    "#!/bin/bash",
    "set -euo pipefail",
    "nvidia-smi --multi-instance-gpu 1",
    `nvidia-smi mig --create-gpu-instance ${Array.from({ length: slices }, () => profile).join(",")} --default-compute-instance`,
  ];
  const message = [
    "MIME-Version: 1.0",
    'Content-Type: multipart/mixed; boundary="//"',
    "",
    "--//",
    'Content-Type: text/x-shellscript; charset="us-ascii"',
    "",
    ...script,
    "",
    "--//--",
    "",
  ];
  return Buffer.from(message.join("\n")).toString("base64");
}
