import type { Shell } from './shells.ts';

/** The script that makes a shell ask `daygate __complete` at each Tab. */
export function completionScript(shell: Shell): string {
  return scripts[shell].trimStart();
}

const bash = String.raw`
# Completion of daygate for bash: source <(daygate completion bash)
_daygate() {
  local line directive=4 i n=0 current part
  local -a words=()
  # bash takes = for the end of a word; daygate does not.
  for ((i = 1; i <= COMP_CWORD; i++)); do
    if ((n > 0)) && [[ $COMP_WORDBREAKS == *=* && (\${COMP_WORDS[i]} == '='* || \${words[n-1]} == *=) ]]; then
      words[n-1]+=\${COMP_WORDS[i]}
    else
      words[n++]=\${COMP_WORDS[i]}
    fi
  done
  current=\${words[n-1]}
  part=$current
  [[ $COMP_WORDBREAKS == *=* ]] && part=\${current##*=}
  COMPREPLY=()
  while IFS= read -r line; do
    if [[ $line == :* ]]; then
      directive=\${line#:}
    else
      line=\${line%%$'\t'*}
      COMPREPLY+=("$part\${line#"$current"}")
    fi
  done < <("\${COMP_WORDS[0]}" __complete -- "\${words[@]}" 2>/dev/null)
  case $directive in
    0) compopt -o filenames 2>/dev/null
      while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "$part") ;;
    16) compopt -o filenames 2>/dev/null
      while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -d -- "$part") ;;
    6) compopt -o nospace 2>/dev/null ;;
  esac
}
complete -F _daygate daygate
`.replaceAll('\\${', '${');

const zsh = String.raw`
#compdef daygate
# Completion of daygate for zsh: source <(daygate completion zsh), or this text as _daygate in a folder of fpath
_daygate() {
  local line text note directive=4
  local -a described
  local before=""
  [[ $PREFIX == *=* ]] && before="\${PREFIX%=*}="
  for line in "\${(@f)$(\${(Q)words[1]} __complete -- "\${(@Q)words[2,CURRENT-1]}" "\${(Q)PREFIX}" 2>/dev/null)}"; do
    if [[ $line == :* ]]; then
      directive=\${line#:}
    else
      text=\${\${line%%$'\t'*}#$before}
      note=\${line#*$'\t'}
      [[ $line == *$'\t'* ]] || note=""
      described+=("\${text//:/\\:}\${note:+:$note}")
    fi
  done
  [[ -n $before ]] && compset -P '*='
  case $directive in
    0) _files ;;
    16) _files -/ ;;
    6) _describe daygate described -S "" ;;
    *) _describe daygate described ;;
  esac
}
if [[ \${funcstack[1]} == _daygate ]]; then
  _daygate "$@"
else
  compdef _daygate daygate
fi
`.replaceAll('\\${', '${');

const fish = String.raw`
# Completion of daygate for fish: daygate completion fish > ~/.config/fish/completions/daygate.fish
function __daygate_complete
    set -l words (commandline -opc)
    set -l program $words[1]
    set -e words[1]
    set -l current (commandline -ct)
    set -l directive 4
    for line in ($program __complete -- $words "$current" 2>/dev/null)
        if string match -q ':*' -- $line
            set directive (string sub -s 2 -- $line)
        else
            printf '%s\n' $line
        end
    end
    set -l part (string replace -r '^.*=' '' -- "$current")
    set -l before (string match -r '^.*=' -- "$current")
    switch $directive
        case 0
            for line in (__fish_complete_path "$part")
                printf '%s%s\n' "$before" $line
            end
        case 16
            for line in (__fish_complete_directories "$part" '')
                printf '%s%s\n' "$before" $line
            end
    end
end
complete -c daygate -f -a '(__daygate_complete)'
`;

const scripts: Readonly<Record<Shell, string>> = { bash, zsh, fish };
