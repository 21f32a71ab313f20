/** Constants of lookups on a machine; a parameter so that tests can use a simulated one. */
export interface Machine {
  /** Folders searched for Go after PATH. */
  readonly goFolders: readonly string[];
  /** URL of the vendor's install script. */
  readonly installer: string;
  /** Time limit to fetch that script: a closed network must not delay the command. */
  readonly reachMs: number;
}

export const thisMachine: Machine = {
  goFolders: ["/usr/local/go/bin", "/usr/lib/go/bin", "/opt/homebrew/bin"],
  installer: "https://get.pulumi.com/install.sh",
  reachMs: 5000,
};
