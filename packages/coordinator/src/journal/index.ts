export { findUnknownAttempts } from './behind.js';
export { FileJournalStore } from './file-journal-store.js';
