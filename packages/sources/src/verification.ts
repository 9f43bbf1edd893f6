/** What stands before the words of a task: its box, its number or id, its labels, and emphasis. */
const MARKS =
  /^(?:\s+|[-*+•>]\s+|\d+[.)]\s+|\[[ xX~-]?\]\*?|T\d{1,6}[A-Za-z]?\b:?|\d+(?:\.\d+)+[.:]?\s+|\[[A-Za-z0-9]{1,6}\]|\*{1,2}|_(?=\w)|Task\b[\s\d.]*:)+/;

/** A step of its own that is there to look at what is done: "Checkpoint - …", "Final verification: …". */
const CHECKPOINT =
  /^(?:final\s+|phase\s+)?checkpoint\b|^(?:(?:final|manual|full|user|end-to-end|e2e|visual|phase)\s+)+(?:\w+\s+)?(?:verification|validation|regression|testing|test pass|qa|checks?)\s*(?:\([^)]*\)\s*)?(?:$|[-–—:.]|'|on\b|of\b|for\b|with\b|in\b|and\s+(?:visual\s+)?(?:testing|verification)\b)/i;
/** What only people do, or do to running programs. */
const BY_HAND =
  /^(?:manually\s+(?:run|test|verify|check|confirm|validate|inspect|exercise|walk|try|review)\b|manual(?:\s+(?:smoke|sanity|spot-?checks?|accessibility|cross-browser|regression|ui|device))*(?:\s+(?:test(?:ing|s)?|check(?:s)?|audit|verification|review|qa))?\s*(?:$|[(:–—-]|of\b|on\b|in\b|for\b|deferred\b)|smoke[- ]?test\b(?!s?\s+(?:for|suite|script|file|harness)\b)|(?:cross-(?:browser|platform|device)|accessibility|performance|usability|exploratory|user acceptance|lighthouse|security|bundle size)\s+(?:(?:audit|verification|review)\b|validation\s*[-–—:]))/i;
/** A step of Gemini's conductor, which names the phase in quotes. */
const CONDUCTOR = /^conductor\s+-\s+user manual verification\b/i;
const REVIEW =
  /^(?:(?:final|peer|self|security)[- ]+)?(?:code[- ]review\b|review(?:\s+(?:the|all|code|changes|existing|current|every|each|diff|tests|new)\b|\s*$))|^(?:final|peer|self|security)[- ]+review\b/i;
const MEASURE =
  /^(?:measure\s|benchmark\s+(?:the|all|against|before|current)\b|profile\s+(?:the|and|memory|performance|startup|render\w*|app)\b|(?:load|stress)[- ]test\s+(?:the|with|against|all)\b|audit\s+(?:all|the|every|each|existing|for|remaining|dependencies)\b)/i;

const RUN = /^(?:re-?run|run|execute|perform|conduct)\b/i;
/** What can be run and only says something of the code. Linters and formatters mend it, too, where there is something to mend. */
const CHECK =
  /\b(?:lint(?:er|ers|ing)?|eslint|ruff|flake8|pylint|mypy|pyright|clippy|biome|prettier|black|isort|gofmt|goimports|rubocop|ktlint|phpstan|pint|pre-commit|vet|tsc|type[- ]?check(?:s|er|ing)?|tests?|testing|test[- ]suites?|vitest|jest|pytest|playwright|cypress|rspec|coverage|validat(?:e|ion)|verif(?:y|ication)|confirm|ensure|quickstart|builds?|compile\w*|audits?|checks?|code review|quality gates?|smoke\w*|regressions?|benchmarks?|e2e|lighthouse|axe|formatter|format)\b/i;

/** What asks for the state of something. "Verify X" alone is taken for a check where no source file is named. */
const VERIFY = /^(?:re-?|double-?)?(?:verify|verifying|confirm)\b/i;
/** "Ensure X", "validate X" and "check X" are as often what the code is to do. */
const ASK = /^(?:ensure|validate|check|make sure|assert)\b\s*/i;
const THE_WHOLE =
  /^(?:that\s+)?(?:all\s+|the\s+|full\s+|whole\s+|entire\s+|existing\s+|new\s+|complete\s+|no\s+|zero\s+|unit\s+|integration\s+|e2e\s+|frontend\s+|backend\s+|project\s+|\w+\s+(?=tests?\s+pass)){0,4}(?:tests?(?:\s+(?:suites?|coverage))?|suites?|builds?|coverage|lint(?:er|ing)?|linter|type(?:script)?[- ]?(?:checks?|errors?|compiles?)|typescript|types compile|quickstart(?:\.md)?|acceptance criteria|user stories|success criteria|regressions?|quality gates?|ci|(?:console |compile |build |type |lint )?(?:errors?|warnings?))\b|^(?:[\w/&-]+\s+){1,6}tests?\s+(?:still\s+)?pass\b|^(?:[\w/&-]+\s+){0,4}with\s+`/i;
const TRUTH =
  /\b(?:pass(?:es|ing)?|works?|compiles?|succeeds?|is|are|still|remains?|has|matches|match|shows?|displays?|appears?|renders?|loads?|returns?|runs?|resolves?|produces?|meets?|exists?|green|correctly|unchanged|no|zero)\b|≥|≤|[<>]=?/i;

/** What leaves a change in any case: then there is more to do than to check. Mending what is found is not. */
const CHANGES =
  /(?:^|(?:\b(?:and|then|to|or|by)\b|[,;:+→–—-])\s+)(?:then\s+|also\s+)?(?:add|build out|create|implement|write|rewrite|update|generate|document(?:ation)?|commit|refactor|replace|remove|delete|record|capture|save|publish|migrate|bump|configure|install|extract|rename|move|archive|adjust|correct|tune|optimi[sz]e|upgrade|regenerate|scaffold|set\s?up|apply|deploy|release|extend|wire|define|register|encode|ratchet|clean\s?up|polish|switch|convert|align|restore|introduce|resync)\b(?!-)/i;
const NAMED_FILE = /(?:^|[\s`(])[\w@.-]+\/[\w@./[\]-]*\.[a-z]\w{0,5}\b/i;
/** A source file that something is to be run from is code to be written: "Run the checks in src/form.ts". */
const IN_SOURCE =
  /\b(?:in|into|from)\s+`?(?![^\s`]*(?:tests?|specs?|e2e|__tests__)[/._-])[\w@.-]+\/[\w@./[\]-]*\.(?!md\b|json\b|ya?ml\b|html\b|sh\b)[a-z]\w{0,5}\b/i;

/**
 * Tells from the words of a task whether it only checks something, so that it may succeed without a change: "Run the linter
 * and fix issues", "Verify that all tests pass", "Manual test of the login". Where the words can mean both, it is no check:
 * "Validate input in src/form.ts", "Test the parser in tests/parser.test.ts".
 *
 * @param text the line of the task, with or without its marks; lines below it do not count
 */
export function isVerification(text: string): boolean {
  const words = (text.split('\n', 1)[0] ?? '').slice(0, 500).replace(MARKS, '').replaceAll('**', '').trim();
  const commands = words.replace(/`[^`]*`/g, (code) => (NAMED_FILE.test(code) ? code : '`'));
  if (CONDUCTOR.test(words)) return true;
  if (CHANGES.test(commands)) return false;
  if (CHECKPOINT.test(words) || BY_HAND.test(words) || REVIEW.test(words)) return true;
  if (RUN.test(words)) return CHECK.test(words) && !IN_SOURCE.test(words);
  if (MEASURE.test(words)) return !NAMED_FILE.test(words);
  if (VERIFY.test(words)) return !NAMED_FILE.test(words) || /\bthat\b/i.test(words) || TRUTH.test(words);
  const [asks] = ASK.exec(words) ?? [];
  return asks !== undefined && THE_WHOLE.test(words.slice(asks.length));
}
