import type { AgentFailure, FailureKind } from '@pwt/core';
import { oneLine } from './text.js';

/**
 * Texts by which agents and model APIs tell why they stop, most telling first. HTTP codes only count where
 * they stand alone as a number: they are the one thing that all of them pass on.
 */
const SIGNS: readonly (readonly [FailureKind, RegExp])[] = [
  [
    'quota',
    /\b429\b|\b529\b|rate.?limit|too many requests|usage limit|quota|insufficient.(?:credit|fund|balance)|credit balance|billing|overloaded/i,
  ],
  [
    'auth',
    /\b401\b|unauthori[sz]ed|not logged in|log ?in (?:first|again|required)|\/login|invalid.{0,12}(?:api.?key|token|credential)|(?:api.?key|credentials?|token).{0,24}(?:missing|invalid|expired|not (?:set|found))|no api.?key|missing environment variable.{0,8}\w*(?:KEY|TOKEN)|auth (?:method|type)|authenticat|\(auth\w*\)/i,
  ],
  [
    'refused',
    /permission denied by|permissions? (?:was|were) denied|not trusted|untrusted|trust (?:this|the) (?:folder|directory|workspace)|cannot be used with root|requires? approval|user (?:rejected|declined)|rejected permission/i,
  ],
  [
    'model-error',
    /\b(?:400|403|404|408|413|500|502|503|504)\b|stream disconnected|cannot connect|socket connection|does not answer|connection (?:refused|error|reset)|ECONN|ENOTFOUND|ETIMEDOUT|fetch failed|unable to connect|context (?:length|window)|api.?(?:call.?)?error|model.{0,20}not (?:found|supported|exist)|internal server error/i,
  ],
];

/** A failure from an agent's own words; of the kind `otherwise` if they do not say which. */
export function failureFrom(message: string, otherwise: FailureKind): AgentFailure {
  const kind = SIGNS.find(([, sign]) => sign.test(message))?.[0] ?? otherwise;
  return { kind, message: oneLine(message) };
}
