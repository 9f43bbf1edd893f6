# fish completion of pwt. Nothing of an answer is evaluated: fish quotes values as it inserts them.
function __pwt_complete
    set -l words (commandline -opc)
    set -l word (commandline -ct)
    set -l lines (command pwt __complete $words[2..-1] "$word" 2>/dev/null </dev/null)
    switch "$lines[1]"
        case files
            __fish_complete_path "$word"
        case directories
            __fish_complete_directories "$word"
        case '*'
            test (count $lines) -gt 1; and printf '%s\n' $lines[2..-1]
    end
end
complete -c pwt -e
complete -c pwt -f -k -a '(__pwt_complete)'
