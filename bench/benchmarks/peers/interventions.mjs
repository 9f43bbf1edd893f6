import { join } from 'node:path';
import { runProcess } from '../../lib/run-process.mjs';
import { TaskProject } from '../../lib/task-project.mjs';
import { tasksYaml } from './contenders.mjs';
import { endAllIn } from './reboot.mjs';

/**
 * @typedef {import('./contenders.mjs').Contender} Contender
 * @typedef {import('../../lib/table.mjs').Table} Table
 */

const TASKS = 20;
const TIMEOUT_MS = 180_000;
/** The machine goes down when so many agents were started. */
const STARTS_BEFORE_REBOOT = 12;
const MOST_COMMANDS = 5;
/** Tasks that change the same line of a file at the same time. */
const CLASHES = { 'a.txt': [2, 3], 'b.txt': [8, 9] };
/** Tasks whose first work the gate does not want. */
const DRAFTS = [4, 7, 10];
/** Its first start takes the quota away. */
const QUOTA = 5;

const GATE = `red=0
for file in work/*.txt; do
  if grep -q draft "$file"; then echo "$file: expected blue-$(basename "$file" .txt)"; red=1; fi
done
exit $red
`;

/**
 * How often a person has to help until everything has landed: the same twenty tasks for all, with two conflicts, three red
 * gates, a quota that is back after two seconds, and a reboot.
 *
 * @param {readonly Contender[]} contenders
 * @returns {Promise<Table>}
 */
export async function interventions(contenders) {
  const rows = [];
  for (const contender of contenders) rows.push(await withEverything(contender));
  return {
    title: `${TASKS} tasks with two conflicts, three red gates, a quota and a reboot`,
    columns: {
      tool: 'text',
      'commands again': 'count',
      'tasks by hand': 'count',
      'interventions per 100 tasks': 'count',
      'agents started': 'count',
      took: 'ms',
    },
    rows,
    note: 'An intervention is a command or an edit that a person has to make until all work has landed. Commands: the tool is started again after the reboot, and as often as that lands more. By hand: each task that is then not on the target, or not as the gate and both sides of its conflict want it, is one edit, however many commands that takes.',
  };
}

/** @param {Contender} contender */
async function withEverything(contender) {
  const project = await TaskProject.create({
    tasks: TASKS,
    work: { seconds: () => 0 },
    files: {
      'tasks.yaml': tasksYaml(TASKS),
      'gate.sh': GATE,
      ...Object.fromEntries(Object.keys(CLASHES).map((file) => [file, 'nobody\n'])),
    },
  });
  const { repository } = project;
  try {
    project.addProgram('agent', agentText(repository.parent));
    project.addProgram('resolver', RESOLVER);
    const options = {
      cwd: repository.path,
      env: project.env,
      logFile: join(repository.parent, 'output.log'),
      timeoutMs: TIMEOUT_MS,
    };
    const killWhen = () => project.starts >= STARTS_BEFORE_REBOOT;
    const first = await runProcess(contender.start(project, { gate: 'sh gate.sh' }), {
      ...options,
      killWhen,
    });
    await endAllIn(repository.parent);
    let commands = 0;
    let ms = first.ms;
    let left = await notLanded(project);
    for (let before = left + 1; left > 0 && left < before && commands < MOST_COMMANDS; ) {
      before = left;
      ms += (await runProcess(contender.again(project), options)).ms;
      left = await notLanded(project);
      // Nobody would have given one that lands nothing more.
      if (left < before) commands += 1;
    }
    return {
      tool: contender.name,
      'commands again': commands,
      'tasks by hand': left,
      'interventions per 100 tasks': Math.round(((commands + left) / TASKS) * 100),
      'agents started': project.starts,
      took: ms,
    };
  } finally {
    await endAllIn(repository.parent);
    await project.dispose();
  }
}

/**
 * How many tasks' work is not on the target, or not as it should be.
 *
 * @param {TaskProject} project
 */
async function notLanded({ repository, ids }) {
  const files = await repository.filesOf('main');
  const isDone = (/** @type {number} */ id) => {
    const text = DRAFTS.includes(id) ? `blue-${id}\n` : 'done\n';
    if (files[`work/${id}.txt`] !== text) return false;
    const [shared] = Object.entries(CLASHES).find(([, clashing]) => clashing.includes(id)) ?? [];
    if (shared === undefined) return true;
    const merged = files[shared] ?? '';
    return merged.split('\n').includes(`by ${id}`) && !merged.includes('<<<<<<<');
  };
  return ids.filter((id) => !isDone(id)).length;
}

/** Keeps what both sides have, in every file that git could not merge, and finishes the merge. */
const RESOLVER = `#!/bin/sh -e
git rev-parse --quiet --verify MERGE_HEAD > /dev/null || exit 0
for file in $(git diff --name-only --diff-filter=U); do
  sed -i -e '/^<<<<<<<\\|^|||||||\\|^=======\\|^>>>>>>>/d' -e '/^nobody$/d' "$file"
  git add "$file"
done
git commit --quiet --no-edit
`;

/**
 * An agent with its task's number as argument. What it is told is on its standard input; it reads for what a gate has said.
 *
 * @param {string} folder outside of the repository
 */
function agentText(folder) {
  const clashes = Object.entries(CLASHES).map(
    ([file, [one, other]]) => `  ${one}) clash ${file} ${other} ;;\n  ${other}) clash ${file} ${one} ;;`,
  );
  return `#!/bin/sh -e
id=$1 folder='${folder}'
said=$(cat)
: > "$folder/starts/$id.$$"
if [ "$id" = ${QUOTA} ] && mkdir "$folder/quota" 2>/dev/null; then date +%s > "$folder/quota/gone"; fi
gone=$(cat "$folder/quota/gone" 2>/dev/null || echo 0)
if [ $(($(date +%s) - gone)) -lt 2 ]; then echo 'Error: 429 usage limit reached' >&2; exit 1; fi
clash() {
  resolver
  if grep -qx "by $id" "$1"; then return; fi
  : > "$folder/begun-$id"
  waited=0
  until [ -e "$folder/begun-$2" ] || [ "$waited" -ge 30 ]; do sleep 0.1; waited=$((waited + 1)); done
  if grep -qx nobody "$1"; then echo "by $id" > "$1"; else echo "by $id" >> "$1"; fi
}
sleep 0.3
case $id in
${clashes.join('\n')}
esac
text=done
case $id in ${DRAFTS.join('|')})
  case $said in *"expected blue-$id"*) text=blue-$id ;; *) text=draft ;; esac
esac
mkdir -p work
echo "$text" > "work/$id.txt"
git add --all work ${Object.keys(CLASHES).join(' ')}
git commit --quiet -m "Do task $id" || [ -z "$(git status --porcelain)" ]
`;
}
