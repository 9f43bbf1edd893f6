/** Something that a word on the command line can become. */
export interface Suggestion {
  readonly value: string;
  readonly about?: string;
}

/** What a shell offers for a word: values, or what it finds itself. */
export type Completion = readonly Suggestion[] | 'files' | 'directories';
