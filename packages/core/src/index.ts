export {
  type Claim,
  type ClaimClass,
  type ClaimMode,
  type ClaimRelation,
  type Confidence,
  claimRelation,
  type TaskClaims,
  unknownScopeClaim,
} from './claim.js';
export {
  hasCode,
  isPwtError,
  type Place,
  PwtError,
  type PwtErrorCode,
  type PwtErrorOptions,
} from './error.js';
