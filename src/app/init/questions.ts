import { MeshError } from '../../base/errors.ts';
import type { Io } from '../io.ts';
import { type AnsweredCall, type AnsweredService, checkNames, parseCall, parseServices } from './answers.ts';
import type { Suggestion } from './suggestions.ts';

/** Asks on the terminal which programs there are, and who calls whom. What can't be is said, and asked again. */
export async function ask(suggestions: readonly Suggestion[], io: Io): Promise<{ services: AnsweredService[]; calls: AnsweredCall[] }> {
  const { createInterface } = await import('node:readline');
  const prompt = createInterface({ input: io.keyboard(), output: io.screen });
  io.signal.addEventListener('abort', () => prompt.close(), { once: true });
  // All lines, also those that are pasted faster than they are asked for.
  const lines = prompt[Symbol.asyncIterator]();
  const question = async <T>(text: string, read: (answer: string) => T): Promise<T> => {
    for (;;) {
      prompt.setPrompt(text);
      prompt.prompt();
      const { value, done } = await lines.next();
      io.signal.throwIfAborted();
      if (done) throw new MeshError('failed', 'nothing was written: there was no answer', { hint: 'mesh init --help' });
      try {
        return read(value.trim());
      } catch (error) {
        if (!(error instanceof MeshError)) throw error;
        io.err(`  ${error.message}${error.hint === undefined ? '' : `; ${error.hint}`}\n`);
      }
    }
  };
  try {
    io.err('Which programs are your services? One a line: name = command : port, such as  web = node web.js : 8080\n');
    for (const { name, command, from } of suggestions) io.err(`  from ${from}:  ${name} = ${command} : PORT\n`);
    const services: AnsweredService[] = [];
    for (;;) {
      const next = await question(services.length === 0 ? '> ' : '> (nothing: that is all) ', (answer) => {
        if (answer === '' && services.length > 0) return undefined;
        const more = parseServices(answer);
        checkNames([...services, ...more]);
        return more;
      });
      if (!next) break;
      services.push(...next);
    }
    if (services.length < 2) return { services, calls: [] };
    const example = `${services[0]!.name} -> ${services[1]!.name}`;
    const calls = await question(`Who calls whom? ${example}, … (nothing: nobody)\n> `, (answer) =>
      answer
        .split(/[,;]/)
        .filter((one) => one.trim() !== '')
        .map((one) => parseCall(one, services)),
    );
    return { services, calls };
  } finally {
    prompt.close();
  }
}
