import { join } from 'node:path';
import type { Ran } from './consul.ts';
import type { Step } from './scenario.ts';

/** What a real Consul 1.8.7 said, one file for each scenario; `compare.test.ts` writes them with UPDATE_GOLDEN=1. */
export const transcriptFile = (scenario: string): string => join(import.meta.dirname, '../../../golden/consul-cli', `${scenario}.txt`);

/** As the transcripts of Consul are written: a command, its standard output, its standard error, its exit code. */
export function transcript({ line, stdin }: Step, { code, out, err }: Ran): string {
  const input = stdin === undefined ? '' : `   <<< ${JSON.stringify(stdin)}`;
  return `$ consul ${line}${input}\n${marked('1| ', out)}${marked('2| ', err)}rc=${code}\n`;
}

/** A last line without a line feed ends in a mark of its own. */
const marked = (mark: string, text: string): string =>
  text === '' ? '' : `${text.replace(/\n$/, '').replace(/^/gm, mark)}${text.endsWith('\n') ? '' : '⏎̸'}\n`;

/** What differs between two agents that did the same; `ports` are those of this one. */
export function plain({ code, out, err }: Ran, ports: readonly number[]): Ran {
  const text = (raw: string): string =>
    ports
      .reduce((rest, port, i) => rest.replaceAll(new RegExp(`\\b${port}\\b`, 'g'), `<port ${i}>`), raw)
      .replace(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<uuid>')
      .replace(/((?:Create|Modify)Index"?:? *)\d+/g, '$1<index>')
      .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>')
      .replace(/\b\d+-\d+-\d{13}\b/g, '<snapshot>')
      .replace(/^((?:Size|Index) {8,})\d+$/gm, '$1<number>')
      .replace(/("LTime": )\d+/g, '$1<number>')
      .replace(/^(dev1 +)[0-9a-f]{8}(?= )/gm, '$1<id>    ')
      .replace(/\.tmp\d+/g, '.tmp<number>')
      .replace(/to index \d+/g, 'to index <index>')
      .replace(/pid \d+/g, 'pid <pid>')
      .replace(/\w+day, \d\d-\w{3}-\d\d [\d:]+ UTC/g, '<time>');
  // What follows are flags and help, in our own words.
  const explained = /^Usage:/m.test(err) || /^Usage:/m.test(out);
  return { code, out: explained ? '' : text(out), err: explained ? firstLine(text(err)) : text(err) };
}

const firstLine = (text: string): string => /^(?:.*\n)?/.exec(text)![0];
