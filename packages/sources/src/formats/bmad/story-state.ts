import { isDoneStatus } from '@pwt/separator';

/** How far a story has come, in the words of BMAD's two versions. */
export type StoryState = 'draft' | 'ready' | 'done';

const DRAFT =
  /^(?:draft(?:ed)?|backlog|contexted|optional|deferred|blocked|on[- ]hold|paused|postponed|proposed|planned|idea|icebox)\b/i;
/** The developer has finished: what is left is a review, which is not a developer's work. */
const REVIEW =
  /^(?:(?:ready[- ]for[- ]|in[- ]|under[- ]|code[- ])?review|review\w*|ready[- ]for[- ](?:done|qa|testing)|qa)\b/i;

/** What a status means: a draft waits to be approved; `review` means that the developer is finished. */
export function storyState(status: string): StoryState {
  const words = status.replace(/^[^\p{L}\p{N}]+/u, '').trim();
  if (isDoneStatus(status) || REVIEW.test(words)) return 'done';
  return DRAFT.test(words) ? 'draft' : 'ready';
}

const order: readonly StoryState[] = ['draft', 'ready', 'done'];

/** True if a state is a later one than another: a story does not go back. */
export function isLater(a: StoryState, b: StoryState): boolean {
  return order.indexOf(a) > order.indexOf(b);
}
