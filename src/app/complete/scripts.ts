/** What a shell reads so that it asks `mesh` for the words that come next. They hold no names: an upgrade of mesh needs no new ones. */
export const SCRIPTS = {
  bash: `# Completion of mesh for bash. Only what is called mesh on the PATH is asked: no program of a folder runs because somebody types its name.
_mesh_complete() {
  local how='' word
  COMPREPLY=()
  while IFS= read -r word; do
    if [[ -z $how ]]; then
      how=$word
    else
      COMPREPLY+=("$word")
    fi
  done < <(command mesh __complete bash "$COMP_LINE" "$COMP_POINT" "$2" 2>/dev/null)
  case $how in
    files*) while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -f -- "$2") ;;
    folders*) while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -d -- "$2") ;;
  esac
  # bash 3 has no compopt: there a path with blanks has to be quoted by hand.
  if type compopt &>/dev/null; then
    case $how in files* | folders*) compopt -o filenames ;; esac
    case $how in *nospace) compopt -o nospace ;; esac
  fi
  return 0
}
complete -F _mesh_complete mesh
`,
  zsh: `#compdef mesh
# Completion of mesh for zsh.
_mesh() {
  local how='' line word found=1
  local -i width=0
  local -a whole begun shown_whole shown_begun
  while IFS= read -r line; do
    if [[ -z $how ]]; then how=$line; continue; fi
    word=\${line%%$'\\t'*}
    line=\${\${line#"$word"}#$'\\t'}
    # What goes on in the same word gets no blank behind it.
    if [[ $word == *[=/] ]]; then begun+=("$word") shown_begun+=("$line"); else whole+=("$word") shown_whole+=("$line"); fi
    (( $#word > width )) && width=$#word
  done < <(command mesh __complete zsh "\${(@Q)words[1,CURRENT-1]}" "\${(Q)PREFIX}" 2>/dev/null)
  local -i i
  for (( i = 1; i <= $#whole; i++ )); do shown_whole[i]="\${(r:width:)whole[i]}  \${shown_whole[i]}"; done
  for (( i = 1; i <= $#begun; i++ )); do shown_begun[i]="\${(r:width:)begun[i]}  \${shown_begun[i]}"; done
  (( $#whole )) && compadd -l -d shown_whole -a whole && found=0
  (( $#begun )) && compadd -l -S '' -d shown_begun -a begun && found=0
  if [[ $how == (files|folders)* ]]; then
    [[ $PREFIX == -*=* ]] && compset -P '*='
    if [[ $how == files* ]]; then _files && found=0; else _files -/ && found=0; fi
  fi
  return found
}
if [[ \${funcstack[1]} == _mesh ]]; then
  _mesh "$@"
else
  (( $+functions[compdef] )) || { autoload -Uz compinit && compinit -i; }
  compdef _mesh mesh
fi
`,
  fish: `# Completion of mesh for fish.
function __mesh_complete
    set -l typed (commandline -ct)
    set -l word (string unescape -- $typed 2>/dev/null; or echo -- $typed)
    set -l answer (command mesh __complete fish (commandline -opc) "$word" 2>/dev/null)
    set -l how $answer[1]
    set -e answer[1]
    test (count $answer) -gt 0; and printf '%s\\n' $answer
    set -l option (string match -r -- '^-[^=]*=' $typed)
    set -l path (string replace -r -- '^-[^=]*=' '' "$typed")
    switch "$how"
        case 'files*'
            __fish_complete_path "$path" | string replace -r -- '^' "$option"
        case 'folders*'
            __fish_complete_directories "$path" '' | string replace -r -- '^' "$option"
    end
end
complete -c mesh -f -a '(__mesh_complete)'
`,
} as const;

export type Shell = keyof typeof SCRIPTS;
export const SHELLS = Object.keys(SCRIPTS) as Shell[];
