import type { Log } from '../base/ports.ts';

/** Says what is wrong with a configuration when it changes, and not with each change of something else. */
export class SaidOnce {
  readonly #log: Log;
  readonly #listener: string;
  readonly #message: string;
  #said = '';

  constructor(log: Log, listener: string, message: string) {
    this.#log = log;
    this.#listener = listener;
    this.#message = message;
  }

  /** All that is wrong now. */
  say(problems: ReadonlySet<string>): void {
    const reason = [...problems].join('; ');
    if (reason !== '' && reason !== this.#said) this.#log.log('warn', this.#message, { listener: this.#listener, reason });
    this.#said = reason;
  }
}
