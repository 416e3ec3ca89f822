import { replay } from './replay.ts';

replay('event');
