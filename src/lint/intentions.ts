import type { Finding } from '../api/finding.ts';
import { shellWord } from '../base/shell-word.ts';
import { type Intention, listIntentions } from '../catalog/intentions.ts';
import { ofEntry } from './finding.ts';
import { isCallable, type Looked, orNear, serviceNames } from './names.ts';

/** Intentions of services that are not there. */
export function strayIntentions(looked: Looked): Finding[] {
  const callers = new Set(serviceNames(looked).map((name) => name.toLowerCase()));
  return listIntentions(looked.s, looked.dc).value.flatMap((intention) => {
    const { source, destination } = intention;
    const known = (name: string): boolean => name === '*' || callers.has(name.toLowerCase());
    if (destination !== '*' && !known(destination) && !isCallable(looked, destination))
      return [stray(looked, intention, destination, 'nobody can call it')];
    return known(source) ? [] : [stray(looked, intention, source, 'it never calls')];
  });
}

function stray(looked: Looked, { source, destination }: Intention, missing: string, so: string): Finding {
  const name = `${source} => ${destination}`;
  return {
    code: 'intention',
    severity: 'warning',
    summary: `intention ${name} never matches: no service ${missing} is registered${orNear(looked, missing)}, so ${so}`,
    fix: `mesh intention delete ${shellWord(source)} ${shellWord(destination)}`,
    datacenter: looked.dc,
    about: ofEntry({ Kind: 'service-intentions', Name: destination }),
    path: `Sources[${source}]`,
  };
}
