import type { ClaimMode } from '@pwt/core';
import type { Heading, SpecLine } from '../markdown/line.js';
import { perVocabulary, type Vocabulary } from '../vocabulary.js';
import { hasPhrase, wordsOf } from '../words.js';
import type { Topic } from './rule.js';

const plain: Topic = { kind: 'plain' };

/** The topic of a line, by the label and the headings above it; the nearest one with a meaning decides. */
export class TopicFinder {
  readonly #vocabulary: Vocabulary;
  readonly #headings = new Map<Heading, Topic>();
  readonly #labels = new Map<string, Topic>();

  constructor(vocabulary: Vocabulary) {
    this.#vocabulary = vocabulary;
  }

  of(line: SpecLine): Topic {
    const own = line.label === undefined ? plain : this.ofLabel(line.label);
    if (own.kind === 'ignored' || own.kind === 'reading') return own;
    const label = line.under === undefined ? plain : this.ofLabel(line.under);
    if (label.kind !== 'plain') return label;
    const heading = line.kind === 'heading' ? line.heading?.parent : line.heading;
    return heading ? this.#ofHeading(heading) : plain;
  }

  /** The topic of a label such as `Files to create`. */
  ofLabel(label: string): Topic {
    const known = this.#labels.get(label);
    if (known) return known;
    const words = wordsOf(label);
    const isFile = hasPhrase(words, this.#vocabulary.fileLabels);
    const topic = isFile ? filesTopic(words, this.#vocabulary) : classify(words, this.#vocabulary);
    this.#labels.set(label, topic);
    return topic;
  }

  /** The topic of a heading by its title alone. */
  ofTitle(title: string): Topic {
    return classify(wordsOf(title.replace(/^[\d.]+\s*/, '')), this.#vocabulary);
  }

  #ofHeading(heading: Heading): Topic {
    const known = this.#headings.get(heading);
    if (known) return known;
    const own = this.ofTitle(heading.title);
    const topic = own.kind === 'plain' && heading.parent ? this.#ofHeading(heading.parent) : own;
    this.#headings.set(heading, topic);
    return topic;
  }
}

function classify(words: string, vocabulary: Vocabulary): Topic {
  if (hasPhrase(words, vocabulary.readingSections)) return { kind: 'reading' };
  if (hasPhrase(words, vocabulary.ignoredSections)) return { kind: 'ignored' };
  return hasPhrase(words, vocabulary.fileSections) ? filesTopic(words, vocabulary) : plain;
}

function filesTopic(words: string, vocabulary: Vocabulary): Topic {
  const mode = modeOfWords(words, vocabulary);
  return { kind: 'files', ...(mode ? { mode } : {}) };
}

/** What the words of a heading, a label or a remark say is done; `undefined` if they say nothing or two things. */
export function modeOfWords(words: string, vocabulary: Vocabulary): ClaimMode | undefined {
  const modes = new Set<ClaimMode>();
  for (const word of words.trim().split(' ')) {
    const mode = modeOfWord(word, vocabulary);
    if (mode && mode !== 'read') modes.add(mode);
  }
  return modes.size === 1 ? [...modes][0] : undefined;
}

/** The mode of a verb or its participle. */
export function modeOfWord(word: string, vocabulary: Vocabulary): ClaimMode | undefined {
  return participleModes(vocabulary).get(word) ?? verbMode(word, vocabulary);
}

/** The mode of a verb. */
export function verbMode(verb: string, vocabulary: Vocabulary): ClaimMode | undefined {
  return verbModes(vocabulary).get(verb);
}

const verbModes = perVocabulary(({ verbs }) => modesOf(verbs));
const participleModes = perVocabulary(({ participles }) => modesOf(participles));

function modesOf(words: Vocabulary['verbs']): ReadonlyMap<string, ClaimMode> {
  // The last entry of a key stands, so the first of these decides.
  const order: readonly ClaimMode[] = ['read', 'rename', 'delete', 'write', 'create'];
  return new Map(order.flatMap((mode) => words[mode].map((one) => [one, mode] as const)));
}
