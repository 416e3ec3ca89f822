import { type Style, styleOf } from '../../../ui/style.ts';
import type { Io } from '../../io.ts';

/** One thing that was looked at, in the form of Consul's. */
export interface Message {
  readonly state: 'ok' | 'warn' | 'fail';
  readonly text: string;
  /** What may be done about it. */
  readonly actions?: readonly string[];
}

export const good = (text: string): Message => ({ state: 'ok', text });
export const doubtful = (text: string, ...actions: string[]): Message => ({ state: 'warn', text, actions });
export const bad = (text: string, ...actions: string[]): Message => ({ state: 'fail', text, actions });

const MARKS = { ok: '✓', warn: '*', fail: '!' };

/** Prints as Consul does: `==> Validation`, ` ✓ …`, ` ! …`, `  -> …`. */
export class Printer {
  readonly #io: Io;
  readonly #style: Style;

  private constructor(io: Io, style: Style) {
    this.#io = io;
    this.#style = style;
  }

  static async of(io: Io): Promise<Printer> {
    return new Printer(io, await styleOf(io.terminal.colour && io.terminal.stdoutIsTty));
  }

  header(text: string): void {
    this.#io.out(`==> ${text}\n`);
  }

  plain(text: string): void {
    this.#io.out(`  ${text}\n`);
  }

  message({ state, text, actions = [] }: Message): void {
    const colour = { ok: this.#style.good, warn: this.#style.warning, fail: this.#style.error }[state];
    this.#io.out(`${colour(` ${MARKS[state]} ${text}`)}\n`);
    for (const action of actions) this.plain(`-> ${action}`);
  }
}
