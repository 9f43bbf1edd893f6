#compdef pwt
# zsh completion of pwt. Nothing of an answer is evaluated: compadd quotes values as they are inserted.
_pwt() {
  local kind value about
  local -a values shown
  {
    read -r kind
    while IFS=$'\t' read -r value about; do
      values+=("$value")
      shown+=("$value${about:+  -- $about}")
    done
  } < <(command pwt __complete "${(@)words[2,CURRENT]}" 2>/dev/null </dev/null)
  case $kind in
    files) _files ;;
    directories) _files -/ ;;
    *) compadd -l -d shown -a values ;;
  esac
}
if [[ $funcstack[1] == _pwt ]]; then _pwt "$@"; else compdef _pwt pwt; fi
