import { describe, expect, it } from 'vitest';
import { Silence } from './silence.js';

const nobody = new Set<string>();

describe('Silence', () => {
  it('counts from the first look at which a worker was not there, and ends when it is', () => {
    const silence = new Silence(100);
    silence.look(0, ['one'], new Set(['one']));
    expect(silence.silentMs('one')).toBe(0);
    silence.look(50, ['one'], nobody);
    expect(silence.silentMs('one')).toBe(0);
    silence.look(140, ['one'], nobody);
    expect(silence.silentMs('one')).toBe(90);
    silence.look(150, ['one'], new Set(['one']));
    expect(silence.silentMs('one')).toBe(0);
  });

  it('counts nothing of a time in which nobody looked: a machine that slept, a Redis that hung', () => {
    const silence = new Silence(100);
    silence.look(0, ['one'], nobody);
    silence.look(100, ['one'], nobody);
    expect(silence.silentMs('one')).toBe(100);
    silence.look(100_000, ['one'], nobody);
    expect(silence.silentMs('one')).toBe(0);
    silence.look(100_090, ['one'], nobody);
    expect(silence.silentMs('one')).toBe(90);
  });

  it('starts all over after a lost connection, however short', () => {
    const silence = new Silence(100);
    silence.look(0, ['one'], nobody);
    silence.look(90, ['one'], nobody);
    silence.interrupt();
    expect(silence.silentMs('one')).toBe(0);
    silence.look(95, ['one'], nobody);
    silence.look(105, ['one'], nobody);
    expect(silence.silentMs('one')).toBe(10);
  });
});
