/**
 * GPU families: their names in blueprints, on nodes and in the device plugin. Memory and MIG profiles after the
 * data sheets and the MIG User Guide of NVIDIA; labels as GPU Feature Discovery writes them.
 */
export interface GpuFamily {
  readonly maker: "nvidia";
  readonly memoryGib: number;
  /** Slices of one GPU by MIG profile; empty if it cannot be partitioned. */
  readonly migProfiles: Readonly<Record<string, number>>;
  /** Values of the node label nvidia.com/gpu.product. */
  readonly products: readonly string[];
  /** Extended resource of a whole GPU. */
  readonly resource: "nvidia.com/gpu";
}

function nvidia(
  memoryGib: number,
  products: readonly string[],
  migProfiles: Readonly<Record<string, number>> = {},
): GpuFamily {
  return { maker: "nvidia", memoryGib, migProfiles, products, resource: "nvidia.com/gpu" };
}

const sevenSlices80 = { "1g.10gb": 7, "1g.20gb": 4, "2g.20gb": 3, "3g.40gb": 2, "4g.40gb": 1, "7g.80gb": 1 };

export const gpuFamilies = {
  "nvidia-b200": nvidia(180, ["NVIDIA-B200"], {
    "1g.23gb": 7,
    "1g.45gb": 4,
    "2g.45gb": 3,
    "3g.90gb": 2,
    "4g.90gb": 1,
    "7g.180gb": 1,
  }),
  "nvidia-h200": nvidia(141, ["NVIDIA-H200", "NVIDIA-H200-NVL"], {
    "1g.18gb": 7,
    "1g.35gb": 4,
    "2g.35gb": 3,
    "3g.71gb": 2,
    "4g.71gb": 1,
    "7g.141gb": 1,
  }),
  "nvidia-h100": nvidia(80, ["NVIDIA-H100-80GB-HBM3", "NVIDIA-H100-PCIe"], sevenSlices80),
  "nvidia-a100-80gb": nvidia(80, ["NVIDIA-A100-SXM4-80GB", "NVIDIA-A100-80GB-PCIe"], sevenSlices80),
  "nvidia-a100": nvidia(40, ["NVIDIA-A100-SXM4-40GB", "NVIDIA-A100-PCIE-40GB"], {
    "1g.5gb": 7,
    "1g.10gb": 4,
    "2g.10gb": 3,
    "3g.20gb": 2,
    "4g.20gb": 1,
    "7g.40gb": 1,
  }),
  "nvidia-a30": nvidia(24, ["NVIDIA-A30"], { "1g.6gb": 4, "2g.12gb": 2, "4g.24gb": 1 }),
  "nvidia-a10g": nvidia(24, ["NVIDIA-A10G"]),
  "nvidia-a10": nvidia(24, ["NVIDIA-A10"]),
  "nvidia-l40s": nvidia(48, ["NVIDIA-L40S"]),
  "nvidia-l4": nvidia(24, ["NVIDIA-L4"]),
  "nvidia-t4": nvidia(16, ["Tesla-T4"]),
  "nvidia-v100": nvidia(16, ["Tesla-V100-SXM2-16GB"]),
} as const satisfies Record<string, GpuFamily>;

export type GpuName = keyof typeof gpuFamilies;

export const gpuNames: readonly string[] = Object.keys(gpuFamilies);

const byName = new Map<string, GpuFamily>(Object.entries(gpuFamilies));

/** A GPU by its name in blueprints, such as "nvidia-h100". */
export function findGpu(name: string): GpuFamily | undefined {
  return byName.get(name);
}

/** The extended resource of a slice in the device plugin: "nvidia.com/mig-1g.10gb". */
export function migResource(profile: string): string {
  return `nvidia.com/mig-${profile}`;
}
