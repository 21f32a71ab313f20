import * as pulumi from "@pulumi/pulumi";

interface Inputs {
  readonly path: string;
  readonly content: string;
}

// Imports inside: the engine keeps the code of a dynamic provider in the state.
const provider: pulumi.dynamic.ResourceProvider<Inputs, Inputs> = {
  async create(inputs) {
    const { writeFile } = await import("node:fs/promises");
    await writeFile(inputs.path, inputs.content);
    return { id: inputs.path, outs: inputs };
  },
  async update(_id, _olds, news) {
    const { writeFile } = await import("node:fs/promises");
    await writeFile(news.path, news.content);
    return { outs: news };
  },
  async delete(id) {
    const { rm } = await import("node:fs/promises");
    await rm(id, { force: true });
  },
};

export interface TextFileArgs {
  readonly path: pulumi.Input<string>;
  readonly content: pulumi.Input<string>;
}

/** A file on this machine. */
export class TextFile extends pulumi.dynamic.Resource {
  constructor(name: string, args: TextFileArgs, options?: pulumi.CustomResourceOptions) {
    super(provider, name, args, options);
  }
}
