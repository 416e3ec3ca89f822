import { homedir } from 'node:os';
import { type HclFunction, PURE_FUNCTIONS, type Scope } from '../../hcl/hcl2/index.ts';
import type { Io } from '../io.ts';

/** The functions of the blueprint language: the pure ones, and those that look at this machine. */
export function blueprintScope(io: Io): Scope {
  const home = io.env['HOME'] ?? homedir();
  const effects: readonly (readonly [string, HclFunction])[] = [
    [
      'env',
      {
        parameters: ['name'],
        call: ([name]) => ({ type: 'string', value: (name?.type === 'string' ? io.env[name.value] : undefined) ?? '' }),
      },
    ],
    ['home', { parameters: [], call: () => ({ type: 'string', value: home }) }],
  ];
  return { variables: new Map(), functions: new Map([...PURE_FUNCTIONS, ...effects]) };
}
