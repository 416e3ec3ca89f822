/**
 * What Consul made up in a transcript (ids, indexes), and what stands for it here. Both are learned from answers and put into
 * the requests that follow; an index must keep its place among the others.
 */
export class Names {
  readonly #ids = new Map<string, string>();
  readonly #indexes = new Map<number, number>();

  /** Whether an id may stand for the one of the transcript: it does so from now on. */
  id(captured: string, actual: string): boolean {
    if (UUID.test(actual) && !this.#ids.has(captured)) this.#ids.set(captured, actual);
    return this.#ids.get(captured) === actual;
  }

  /** The same for an index: a later one must not come before an earlier one. 1 stands for itself. */
  index(captured: number, actual: number): boolean {
    if (captured <= 1) return captured === actual;
    for (const [other, known] of this.#indexes) {
      if (other === captured ? known !== actual : other < captured ? known > actual : known < actual) return false;
    }
    this.#indexes.set(captured, actual);
    return true;
  }

  /** A text of the transcript as it is here. */
  translate(text: string): string {
    const known = text.replace(new RegExp(UUID.source, 'g'), (id) => this.#ids.get(id) ?? id);
    return known.replace(/((?:\bcas=|\bindex=|Index"?: ?|modify index ))(\d+)/g, (all, name: string, captured: string) => {
      const actual = this.#indexes.get(Number(captured));
      return actual === undefined ? all : `${name}${actual}`;
    });
  }
}

export const UUID = /[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}/;
