import { formatDuration } from '../base/duration.ts';

/** `1.5s`; 0 is none. */
export const duration = (ms: number): string => (ms === 0 ? 'none' : formatDuration(ms * 1e6));

/** `12.5 %` */
export const percent = (value: number): string => `${Number(value.toFixed(2))} %`;

/** `1 endpoint`, `3 endpoints` */
export const count = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? '' : 's'}`;

/** Bytes of the wire as they were meant. */
export const unwired = (text: string): string => (/[\x80-\xff]/.test(text) ? Buffer.from(text, 'latin1').toString('utf8') : text);

export const quoted = (text: string): string => JSON.stringify(text);
