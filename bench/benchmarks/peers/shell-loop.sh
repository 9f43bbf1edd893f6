#!/bin/sh
# shell-loop.sh AGENT ID…: three agents at once, each in a worktree of its own; merges them one at a time.
if [ "$1" != --one ]; then agent=$1; shift; printf '%s\n' "$@" | xargs -P3 -n1 sh "$0" --one "$agent"; exit; fi
agent=$2 id=$3 tree=../task-$3 branch=task-$3
git log --format=%s | grep -qx "Merge task $id" && exit 0
git worktree add --quiet -b "$branch" "$tree" && (cd "$tree" && "$agent" "$id") || exit 1
exec 9> .git/merging && flock 9
git merge --quiet --no-ff -m "Merge task $id" "$branch" || { git merge --abort; exit 1; }
git worktree remove "$tree" && git branch --quiet -d "$branch"
