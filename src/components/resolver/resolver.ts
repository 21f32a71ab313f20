import type * as pulumi from "@pulumi/pulumi";
import type { SecretReference } from "../../blueprint/model.ts";
import type { BuildContext } from "../../docker-host/build-context.ts";

/** The one place where values that are not in the plan enter the program. */
export interface Resolver {
  /** A secret's value, marked as secret. Not for references into Kubernetes: the kubelet reads those. */
  secret(name: string, reference: Exclude<SecretReference, { kind: "kubernetes" }>): pulumi.Output<string>;
  /** Absolute path of a file or folder that the blueprint names. */
  path(path: string): string;
  /** What an image is built from. */
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
  /** Inside of the bundle, with "/". */
  readonly path: string;
  readonly content: Buffer;
}
