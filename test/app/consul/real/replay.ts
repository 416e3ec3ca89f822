import { readFileSync } from 'node:fs';
import { SCENARIOS, type Step } from './scenario.ts';
import { transcriptFile } from './transcript.ts';

/** Scenarios that our own agent answers as a real one does. */
export const REPLAYED = [
  'kv',
  'catalog',
  'agent',
  'keyring',
  'operator',
  'services',
  'config',
  'intention',
  'snapshot',
  'exec',
  'lock',
  'watch',
  'events',
];

export interface Recorded extends Step {
  /** What a real Consul 1.8.7 said. */
  readonly said: string;
}

/** The steps of a scenario with what was recorded of them. Throws where the record is of other steps. */
export function recordedSteps(name: string): Recorded[] {
  const recorded = readFileSync(transcriptFile(name), 'utf8').split(/(?<=^rc=.*\n)\n/m);
  return SCENARIOS[name]!.map((given, i) => {
    const step: Step = typeof given === 'string' ? { line: given } : given;
    const said = recorded[i] ?? '';
    if (!said.startsWith(`$ consul ${step.line}`))
      throw new Error(`${name}: no transcript of ${step.line}: run compare.test.ts with UPDATE_GOLDEN=1`);
    return { ...step, said };
  });
}
