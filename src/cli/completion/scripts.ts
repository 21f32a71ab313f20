export const shells = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof shells)[number];

/**
 * Completion scripts, which ask swarmctl itself for each word: status 0 with `word<TAB>description` lines, or status 3 where the shell
 * completes files.
 *
 * @param program how this swarmctl is started, so that a script of `npx swarmctl` works where no `swarmctl` is on PATH
 */
export const scripts: Readonly<Record<Shell, (program: readonly string[]) => string>> = {
  bash: (program) => `_swarmctl() {
  local words=("\${COMP_WORDS[@]:1:COMP_CWORD}") found
  if [ "\${COMP_WORDS[0]##*/}" = npx ]; then
    [ "\${COMP_WORDS[1]}" = swarmctl ] || { COMPREPLY=($(compgen -f -- "\${COMP_WORDS[COMP_CWORD]}")); return; }
    words=("\${COMP_WORDS[@]:2:COMP_CWORD-1}")
  fi
  if found=$(${quoted(program)} __complete -- "\${words[@]}" 2>/dev/null); then
    local IFS=$'\\n'
    COMPREPLY=($(cut -f1 <<<"$found"))
  else
    compopt -o filenames 2>/dev/null
    COMPREPLY=($(compgen -f -- "\${COMP_WORDS[COMP_CWORD]}"))
  fi
}
complete -F _swarmctl swarmctl npx
`,
  zsh: (program) => `#compdef swarmctl
_swarmctl() {
  local found; local -a given entries
  given=("\${(@)words[2,CURRENT]}")
  if found=$(${quoted(program)} __complete -- "\${given[@]}" 2>/dev/null); then
    entries=("\${(@f)\${\${found//:/\\\\:}//$'\\t'/:}}")
    [[ -z $found ]] || _describe swarmctl entries
  else
    _files
  fi
}
_swarmctl_npx() {
  if [[ $words[2] == swarmctl && CURRENT -gt 2 ]]; then
    shift words; (( CURRENT-- )); _swarmctl
  else
    _files
  fi
}
compdef _swarmctl swarmctl
compdef _swarmctl_npx npx
`,
  fish: (program) => `function __swarmctl_words
  set -l words (commandline -opc) (commandline -ct)
  test (path basename $words[1]) = npx; and set -e words[1]
  set -e words[1]
  ${quoted(program)} __complete -- $words 2>/dev/null; or __fish_complete_path (commandline -ct)
end
function __swarmctl_by_npx
  set -l words (commandline -opc)
  test (count $words) -gt 1; and test $words[2] = swarmctl
end
complete -c swarmctl -f -a '(__swarmctl_words)'
complete -c npx -n __swarmctl_by_npx -f -a '(__swarmctl_words)'
`,
};

function quoted(words: readonly string[]): string {
  return words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(" ");
}
