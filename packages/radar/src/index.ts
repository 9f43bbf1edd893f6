export { GitRadar, type GitRadarOptions } from './git-radar.js';
