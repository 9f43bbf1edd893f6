import type { Heading, SpecLine } from '../markdown/line.js';
import type { Vocabulary } from '../vocabulary.js';
import { hasPhrase, wordsOf } from '../words.js';
import { modeOfWords } from './modes.js';
import { saysReading } from './reading.js';
import type { Topic } from './rule.js';

const plain: Topic = { kind: 'plain' };
const reading: Topic = { kind: 'reading' };

/** A value that a path begins with. */
const PATH_FIRST = /^[`*_"'([<]*[\w@~.-]*[/\\.][\w*@[{]/;

/** The topic of a line, by the label and the headings above it; the nearest one with a meaning decides. */
export class TopicFinder {
  readonly #vocabulary: Vocabulary;
  readonly #headings = new Map<Heading, Topic>();
  readonly #labels = new Map<string, Topic>();
  readonly #readings = new Map<string, boolean>();

  constructor(vocabulary: Vocabulary) {
    this.#vocabulary = vocabulary;
  }

  of(line: SpecLine): Topic {
    const around = this.#around(line);
    if (line.label === undefined) return around;
    if ((around.kind === 'files' || PATH_FIRST.test(line.value ?? '')) && this.#isReading(line.label))
      return reading;
    const own = this.ofLabel(line.label);
    return own.kind === 'ignored' || own.kind === 'reading' ? own : around;
  }

  /** What the labels and the headings above a line say about it. */
  #around(line: SpecLine): Topic {
    const heading = line.kind === 'heading' ? line.heading?.parent : line.heading;
    let topic = heading ? this.#ofHeading(heading) : plain;
    if (line.under === undefined) return topic;
    const labels = line.labels ?? [line.under];
    for (let at = labels.length - 1; at >= 0; at -= 1) {
      const label = labels[at] as string;
      const own = this.ofLabel(label);
      // A list of files can hold one of what is only read; what is shown as an example is all of that kind.
      if (topic.kind === 'files' && this.#isReading(label)) topic = reading;
      else if (own.kind !== 'plain') topic = own;
      if (own.kind === 'ignored') break;
    }
    return topic;
  }

  #isReading(label: string): boolean {
    let known = this.#readings.get(label);
    if (known === undefined) {
      known = saysReading(wordsOf(label), this.#vocabulary);
      this.#readings.set(label, known);
    }
    return known;
  }

  /** The topic of a label such as `Files to create`. */
  ofLabel(label: string): Topic {
    const known = this.#labels.get(label);
    if (known) return known;
    const words = wordsOf(label);
    const isFile = isShort(words) && hasPhrase(words, this.#vocabulary.fileLabels);
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

/** A label of more words is a sentence, such as `Add these cases to the end of the test file:`. */
const MOST_WORDS = 8;

function isShort(words: string): boolean {
  return words.split(' ').length - 2 <= MOST_WORDS;
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
