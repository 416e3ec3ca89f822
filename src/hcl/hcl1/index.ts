export { consulSyntaxError } from './consul-error.ts';
export { type ConsulText, decodeConsulText, decodeHcl1, isJsonText } from './read.ts';
export { writeHcl1 } from './write.ts';
