import type { GpuName } from "./gpus.ts";

export interface InstanceType {
  readonly name: string;
  readonly gpu: GpuName;
  /** Number of whole GPUs; types with a fraction of one (g6f, gr6f) are excluded. */
  readonly gpus: number;
  readonly vcpus: number;
  readonly memoryGib: number;
}

function family(
  gpu: GpuName,
  rows: readonly (readonly [name: string, gpus: number, vcpus: number, memoryGib: number])[],
) {
  return rows.map(([name, gpus, vcpus, memoryGib]): InstanceType => ({ name, gpu, gpus, vcpus, memoryGib }));
}

/** EC2 instance types with GPUs, the smaller ones of a family first. */
export const awsInstances: readonly InstanceType[] = [
  ...family("nvidia-b200", [["p6-b200.48xlarge", 8, 192, 2048]]),
  ...family("nvidia-h200", [
    ["p5en.48xlarge", 8, 192, 2048],
    ["p5e.48xlarge", 8, 192, 2048],
  ]),
  ...family("nvidia-h100", [
    ["p5.4xlarge", 1, 16, 256],
    ["p5.48xlarge", 8, 192, 2048],
  ]),
  ...family("nvidia-a100-80gb", [["p4de.24xlarge", 8, 96, 1152]]),
  ...family("nvidia-a100", [["p4d.24xlarge", 8, 96, 1152]]),
  ...family("nvidia-l40s", [
    ["g6e.xlarge", 1, 4, 32],
    ["g6e.2xlarge", 1, 8, 64],
    ["g6e.4xlarge", 1, 16, 128],
    ["g6e.8xlarge", 1, 32, 256],
    ["g6e.16xlarge", 1, 64, 512],
    ["g6e.12xlarge", 4, 48, 384],
    ["g6e.24xlarge", 4, 96, 768],
    ["g6e.48xlarge", 8, 192, 1536],
  ]),
  ...family("nvidia-l4", [
    ["g6.xlarge", 1, 4, 16],
    ["g6.2xlarge", 1, 8, 32],
    ["g6.4xlarge", 1, 16, 64],
    ["gr6.4xlarge", 1, 16, 128],
    ["g6.8xlarge", 1, 32, 128],
    ["gr6.8xlarge", 1, 32, 256],
    ["g6.16xlarge", 1, 64, 256],
    ["g6.12xlarge", 4, 48, 192],
    ["g6.24xlarge", 4, 96, 384],
    ["g6.48xlarge", 8, 192, 768],
  ]),
  ...family("nvidia-a10g", [
    ["g5.xlarge", 1, 4, 16],
    ["g5.2xlarge", 1, 8, 32],
    ["g5.4xlarge", 1, 16, 64],
    ["g5.8xlarge", 1, 32, 128],
    ["g5.16xlarge", 1, 64, 256],
    ["g5.12xlarge", 4, 48, 192],
    ["g5.24xlarge", 4, 96, 384],
    ["g5.48xlarge", 8, 192, 768],
  ]),
  ...family("nvidia-t4", [
    ["g4dn.xlarge", 1, 4, 16],
    ["g4dn.2xlarge", 1, 8, 32],
    ["g4dn.4xlarge", 1, 16, 64],
    ["g4dn.8xlarge", 1, 32, 128],
    ["g4dn.16xlarge", 1, 64, 256],
    ["g4dn.12xlarge", 4, 48, 192],
    ["g4dn.metal", 8, 96, 384],
  ]),
  ...family("nvidia-v100", [
    ["p3.2xlarge", 1, 8, 61],
    ["p3.8xlarge", 4, 32, 244],
    ["p3.16xlarge", 8, 64, 488],
  ]),
];

/** The types with exactly this number of GPUs of a kind, the smallest first. */
export function awsInstancesFor(gpu: string, gpus: number): readonly InstanceType[] {
  return awsInstances.filter((type) => type.gpu === gpu && type.gpus === gpus);
}

/** Numbers of GPUs of a kind in one AWS instance, ascending. */
export function awsGpuCounts(gpu: string): readonly number[] {
  const counts = awsInstances.filter((type) => type.gpu === gpu).map((type) => type.gpus);
  return [...new Set(counts)].sort((a, b) => a - b);
}
