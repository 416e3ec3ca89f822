/** All that the interpreter of jobs does, as one module: few blueprints need it, so that it is a file of its own in the bundle of `run`. */
export { interpretJobs } from './interpret.ts';
export { readJobFile } from './read.ts';
