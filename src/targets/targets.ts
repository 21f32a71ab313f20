import { aws } from "./aws/descriptor.ts";
import type { TargetDescriptor } from "./descriptor.ts";
import { docker } from "./docker/descriptor.ts";
import type { TargetKind } from "./kinds.ts";
import { kubernetes } from "./kubernetes/descriptor.ts";
import { local } from "./local/descriptor.ts";

/** What each target can do and what it needs. */
export const targets: Readonly<Record<TargetKind, TargetDescriptor>> = { local, docker, kubernetes, aws };
