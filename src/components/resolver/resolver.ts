import type * as pulumi from "@pulumi/pulumi";
import type { SecretReference } from "../../blueprint/model.ts";
import type { BuildContext } from "../../docker-host/build-context.ts";

/** The only source of values that are not in the plan. */
export interface Resolver {
  /** The value of a secret, marked as secret. Not for references to Kubernetes: the kubelet reads those. */
  secret(name: string, reference: Exclude<SecretReference, { kind: "kubernetes" }>): pulumi.Output<string>;
  /** Absolute path of a file or folder that the blueprint names. */
  path(path: string): string;
  /** The build context of an image. */
  buildContext(path: string): BuildContext;
  /** The files of a bundle of knowledge, sorted by path. */
  knowledge(path: string): Knowledge;
}

export interface Knowledge {
  /** SHA-256 over paths and contents. */
  readonly digest: string;
  readonly files: readonly KnowledgeFile[];
}

export interface KnowledgeFile {
  /** Relative to the bundle, with "/". */
  readonly path: string;
  readonly content: Buffer;
}
