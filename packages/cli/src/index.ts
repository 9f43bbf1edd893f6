/** @public */
export { type Io, processIo } from './io.js';
/** @public */
export { main } from './main.js';
