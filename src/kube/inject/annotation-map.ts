import { type Place, under } from '../../schema/place.ts';
import { PREFIX } from './annotations.ts';

/** Consul's annotations of a pod template, by their names without the prefix, and where each stands. */
export class Annotations {
  readonly all: Readonly<Record<string, string>>;
  readonly at: Place;

  constructor(all: Readonly<Record<string, string>>, at: Place) {
    this.all = all;
    this.at = at;
  }

  get(name: string): string | undefined {
    return Object.hasOwn(this.all, PREFIX + name) ? this.all[PREFIX + name] : undefined;
  }

  place(name: string): Place {
    return under(this.at, PREFIX + name);
  }
}
