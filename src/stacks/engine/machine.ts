/** What is the same for every lookup on a machine; a parameter so that the tests can have a machine of their own. */
export interface Machine {
  /** Where Go is looked for after PATH. */
  readonly goFolders: readonly string[];
  /** Address of the vendor's install script. */
  readonly installer: string;
  /** How long that script may take to arrive: a closed network must not delay the command. */
  readonly reachMs: number;
}

export const thisMachine: Machine = {
  goFolders: ["/usr/local/go/bin", "/usr/lib/go/bin", "/opt/homebrew/bin"],
  installer: "https://get.pulumi.com/install.sh",
  reachMs: 5000,
};
