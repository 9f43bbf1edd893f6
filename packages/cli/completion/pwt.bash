# bash completion of pwt. Nothing of an answer is evaluated: values are quoted as they are inserted.
_pwt() {
  local kind value quoted word="${COMP_WORDS[COMP_CWORD]}"
  local -a words=("${COMP_WORDS[@]:1:COMP_CWORD}")
  COMPREPLY=()
  # bash takes --flag=value apart.
  if [[ $word == "=" ]]; then
    words=("${COMP_WORDS[@]:1:COMP_CWORD-1}" "")
    word=""
  elif (( COMP_CWORD > 2 )) && [[ ${COMP_WORDS[COMP_CWORD-1]} == "=" ]]; then
    words=("${COMP_WORDS[@]:1:COMP_CWORD-2}" "$word")
  fi
  {
    read -r kind
    while IFS=$'\t' read -r value _; do
      case $word in
        # Behind an open quote, what would end it or be expanded is not offered.
        [\"\']*) [[ $value == *[\"\'\$\\\`!]* ]] || COMPREPLY+=("$value") ;;
        *) printf -v quoted %q "$value"; COMPREPLY+=("$quoted") ;;
      esac
    done
  } < <(command pwt __complete "${words[@]}" 2>/dev/null </dev/null)
  case $kind in
    files) compopt -o default ;;
    directories) compopt -o dirnames ;;
  esac
}
complete -F _pwt pwt
