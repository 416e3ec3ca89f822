import type { ApplyEvent } from '../../blueprints/engine.ts';
import type { Happened } from '../../control/history/history.ts';

/** What one run or destroy has done, as it is told when it is over. */
export class BlueprintEvents {
  readonly #tell: (happened: Happened) => void;
  #made = 0;
  #removed = 0;
  #changed = 0;

  constructor(tell: (happened: Happened) => void) {
    this.#tell = tell;
  }

  take(event: ApplyEvent): void {
    if (event.type === 'created') this.#made++;
    else if (event.type === 'destroyed') this.#removed++;
    else if (event.type === 'updating') this.#changed++;
    else if (event.type === 'failed')
      this.#tell({ kind: 'blueprint', subject: event.key, text: `${event.key} could not be made: ${event.message}`, level: 'error' });
  }

  /** Nothing is told of a run that had nothing to do. */
  applied(name: string): void {
    if (this.#made + this.#removed + this.#changed === 0) return;
    // What is updated is told of when it is ready, too.
    const counts = { created: this.#made - this.#changed, changed: this.#changed, removed: this.#removed };
    const parts = Object.entries(counts).filter(([, count]) => count > 0);
    const text = `${name} was applied: ${parts.map(([what, count]) => `${count} ${what}`).join(', ')}`;
    this.#tell({ kind: 'blueprint', subject: name, text, level: 'info', data: counts });
  }

  failed(name: string, reason: string): void {
    this.#tell({ kind: 'blueprint', subject: name, text: `${name} was not applied: ${reason}`, level: 'error' });
  }

  destroyed(names: readonly string[]): void {
    for (const name of names) this.#tell({ kind: 'blueprint', subject: name, text: `${name} was destroyed`, level: 'info' });
  }
}
