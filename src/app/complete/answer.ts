import type { Command as OwnCommand } from '../../commands/command.ts';
import type { Io } from '../io.ts';
import { offerOfConsul, offerOfMesh } from './candidates.ts';
import type { Candidate, Offer } from './offer.ts';
import { quoted, takeApart } from './shell-line.ts';

/** So many names are as good as none, and would take a shell a while. */
const MOST = 2000;

/**
 * Answers the functions that `mesh completion` writes for a shell: `mesh __complete bash <line> <point> <word>`, or
 * `mesh __complete zsh|fish <words before…> <word>`. The first line says how: `words`, `files` or `folders` (which the shell
 * adds itself), then ` nospace` if the word goes on; each further line is a word and, behind a tab, what it is. Nothing that
 * goes wrong is told: it would stand in the middle of what somebody types.
 */
export async function answerShell(argv: readonly string[], io: Io, commands: readonly OwnCommand[]): Promise<number> {
  const [shell, ...given] = argv;
  const asked = shell === 'bash' ? ofBash(given) : { words: given.slice(0, -1), last: given.at(-1) ?? '', write: (word: string) => word };
  const offer = await offerFor(asked.words, asked.last, io, commands);
  const found = matching(offer, asked.last);
  const open = found.length > 0 && found.every(({ word }) => /[=/]$/.test(word));
  const lines = found.map(({ word, about }) => {
    const text = offer.paths ? word : asked.write(word);
    return shell === 'bash' || about === undefined ? text : `${text}\t${shortened(about)}`;
  });
  io.out(`${[`${offer.paths ?? 'words'}${open ? ' nospace' : ''}`, ...lines].join('\n')}\n`);
  return 0;
}

/** Answers `complete -C`, as Consul's own command line does: the line in COMP_LINE, the answer are words, one a line. */
export async function answerLine(argv: readonly string[], io: Io, commands: readonly OwnCommand[]): Promise<number> {
  const { COMP_LINE: line = '', COMP_POINT: point = '' } = io.env;
  const { words, last, write } = ofBash([line, point, argv[1] ?? '']);
  const offer = await offerFor(words, last, io, commands);
  for (const { word } of matching(offer, last)) io.out(`${write(word)}\n`);
  return 0;
}

async function offerFor(words: readonly string[], last: string, io: Io, commands: readonly OwnCommand[]): Promise<Offer> {
  const [program = '', ...before] = words;
  if (/(^|\/)consul$/.test(program)) return offerOfConsul({ io, before, last });
  return offerOfMesh({ io, commands, before, last });
}

/**
 * bash takes words apart at "=" and ":" too, and replaces only what it calls the word: the rest is cut off what it gets. It puts
 * what it gets into the line as it is, except where it takes it for paths.
 */
function ofBash([line = '', point = '', current = '']: readonly string[]) {
  const { words, last, quote } = takeApart(line.slice(0, point === '' ? undefined : Number(point)));
  const cut = last.endsWith(current) ? last.length - current.length : 0;
  return { words, last, write: (word: string) => quoted(word.slice(cut), quote) };
}

/** Each once, by name. A name with a line break or another control character can't be typed, nor shown. */
function matching({ candidates }: Offer, last: string): Candidate[] {
  const byWord = new Map(candidates.filter(({ word }) => word.startsWith(last) && !/\p{Cc}/u.test(word)).map((one) => [one.word, one]));
  return [...byWord.values()].toSorted((a, b) => (a.word < b.word ? -1 : 1)).slice(0, MOST);
}

/** The first sentence, in one line. */
const shortened = (about: string): string => about.replaceAll(/\p{Cc}+/gu, ' ').replace(/\.(\s.*)?$/, '');
