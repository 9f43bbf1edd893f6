import { englishVocabulary } from '@pwt/separator';
import { expect, it } from 'vitest';
import { settings } from './settings.js';

it('takes words for every list of the vocabulary', () => {
  const lists = Object.entries(englishVocabulary).flatMap(([name, words]) =>
    Array.isArray(words) ? [name] : [],
  );
  expect([...settings.vocabulary.names].sort()).toEqual(lists.sort());
});
