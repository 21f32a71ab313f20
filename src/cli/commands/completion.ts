import { Argument, Command } from "commander";
import { examples } from "../examples.ts";

const shells = ["bash", "zsh", "fish"] as const;
type Shell = (typeof shells)[number];

/** Completions by command: its options and subcommands. */
interface Words {
  readonly commands: readonly {
    readonly name: string;
    readonly description: string;
    readonly options: readonly string[];
  }[];
}

/** @param load loads all commands */
export function completionCommand(load: () => Promise<Command>): Command {
  return new Command("completion")
    .addArgument(new Argument("<shell>").choices(shells))
    .addHelpText("after", examples(["source <(swarmctl completion bash)", "swarmctl completion fish | source"]))
    .action(async (shell: Shell) => {
      process.stdout.write(scripts[shell](wordsOf(await load())));
    });
}

function wordsOf(program: Command): Words {
  return {
    commands: program.commands.map((command) => ({
      name: command.name(),
      description: command.description(),
      options: [
        ...command.commands.map((inner) => inner.name()),
        ...[command, ...command.commands].flatMap(({ options }) => options.flatMap((option) => option.long ?? [])),
        "--help",
      ].filter((word, index, all) => all.indexOf(word) === index),
    })),
  };
}

const scripts: Readonly<Record<Shell, (words: Words) => string>> = {
  bash: ({ commands }) => `_swarmctl() {
  local current=\${COMP_WORDS[COMP_CWORD]}
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${commands.map(({ name }) => name).join(" ")} --json --help --version" -- "$current"))
    return
  fi
  case "\${COMP_WORDS[1]}" in
${commands.map(({ name, options }) => `    ${name}) COMPREPLY=($(compgen -W "${options.join(" ")}" -- "$current")) ;;`).join("\n")}
  esac
  [ \${#COMPREPLY[@]} -gt 0 ] || COMPREPLY=($(compgen -f -- "$current"))
}
complete -o filenames -F _swarmctl swarmctl
`,
  zsh: ({ commands }) => `#compdef swarmctl
_swarmctl() {
  if (( CURRENT == 2 )); then
    local -a names=(
${commands.map(({ name, description }) => `      '${name}:${description.replaceAll("'", "").replaceAll(":", "\\:")}'`).join("\n")}
    )
    _describe command names
    return
  fi
  case "$words[2]" in
${commands.map(({ name, options }) => `    ${name}) compadd -- ${options.join(" ")} ;;`).join("\n")}
  esac
  _files
}
compdef _swarmctl swarmctl
`,
  fish: ({ commands }) =>
    `${[
      "complete -c swarmctl -n __fish_use_subcommand -l json -d 'print JSON for scripts'",
      ...commands.flatMap(({ name, description, options }) => [
        `complete -c swarmctl -n __fish_use_subcommand -a ${name} -d '${description.replaceAll("'", "")}'`,
        ...options.map(
          (option) => `complete -c swarmctl -n '__fish_seen_subcommand_from ${name}' -l ${option.slice(2)}`,
        ),
      ]),
    ].join("\n")}\n`,
};
