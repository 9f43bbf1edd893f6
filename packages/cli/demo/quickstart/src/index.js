export { countLines } from './lines.js';
export { countWords } from './words.js';
