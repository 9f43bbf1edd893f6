/**
 * What is used of isomorphic-git. A module of its own, to be loaded when it is needed, and so that a bundler leaves
 * out the rest.
 */
export { expandRef, readCommit, resolveRef } from 'isomorphic-git';
