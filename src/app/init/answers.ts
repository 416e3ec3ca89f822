import { MeshError } from '../../base/errors.ts';
import { didYouMean } from '../../base/suggest.ts';

/** A program of the user's, as it is answered: `web=node web.js:8080`. */
export interface AnsweredService {
  readonly name: string;
  readonly command: readonly string[];
  readonly port: number;
}

export interface AnsweredCall {
  readonly from: string;
  readonly to: string;
}

const FORM = 'expected name=command:port, such as web=node web.js:8080';

/** `web=node web.js:8080`. Throws a MeshError (`usage`) that says what is wrong with it. */
export function parseService(text: string): AnsweredService {
  const [, name = '', rest = ''] = /^\s*([^=\s]+)\s*=\s*(.*)$/s.exec(text) ?? [];
  const [, command = '', port = ''] = /^(.*?)\s*:\s*(\d+)\s*$/s.exec(rest) ?? [];
  const refuse = (why: string) => new MeshError('usage', `${JSON.stringify(text.trim())}: ${why}`, { hint: FORM });
  if (name === '') throw refuse('this names no service');
  if (!/^[A-Za-z0-9_-]{1,128}$/.test(name)) throw refuse(`${JSON.stringify(name)} is not a name: letters, digits, "-" and "_"`);
  if (port === '') throw refuse('the port is missing, on which it listens');
  if (Number(port) < 1 || Number(port) > 65535) throw refuse(`${port} is not a port from 1 to 65535`);
  const words = commandWords(command);
  if (words.length === 0) throw refuse('the command is missing, which starts it');
  return { name, command: words, port: Number(port) };
}

/** One or several, with commas between them: `web=node web.js:8080, payments=./payments:9090`. Throws as `parseService`. */
export function parseServices(text: string): AnsweredService[] {
  return text.split(/(?<=:\s*\d+)\s*,\s*(?=[\w-]+\s*=)/).map(parseService);
}

/** `web=payments`, or `web -> payments`. Throws a MeshError (`usage`). */
export function parseCall(text: string, services: readonly AnsweredService[]): AnsweredCall {
  const [, from = '', to = ''] = /^\s*([\w-]+)\s*(?:=|->)\s*([\w-]+)\s*$/.exec(text) ?? [];
  const names = services.map(({ name }) => name);
  if (from === '')
    throw new MeshError('usage', `${JSON.stringify(text.trim())} is not a call`, { hint: 'expected caller=called, such as web=payments' });
  for (const name of [from, to]) {
    const near = didYouMean(name, names);
    const hint = near.hint ?? `there are: ${names.join(', ')}`;
    if (!names.includes(name)) throw new MeshError('usage', `there is no service ${JSON.stringify(name)} to call or be called`, { hint });
  }
  if (from === to) throw new MeshError('usage', `${from} calls itself, for which it needs no mesh`);
  return { from, to };
}

/** A name can stand for one program. */
export function checkNames(services: readonly AnsweredService[]): void {
  const twin = services.find(({ name }, i) => services.findIndex((other) => other.name === name) !== i);
  if (twin) throw new MeshError('usage', `service ${twin.name} is given twice`);
}

/** A command line as words; one that only a shell understands is one for a shell. */
export function commandWords(line: string): string[] {
  if (/[|&;<>$`*()\\]/.test(line)) return ['sh', '-c', line.trim()];
  const words = line.match(/(?:[^\s"']+|"[^"]*"|'[^']*')+/g) ?? [];
  return words.map((word) => word.replace(/"([^"]*)"|'([^']*)'/g, (_, double?: string, single?: string) => double ?? single ?? ''));
}
