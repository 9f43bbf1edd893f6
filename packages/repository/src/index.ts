export { GitRepositoryObserver, type GitRepositoryObserverOptions } from './git-repository-observer.js';
