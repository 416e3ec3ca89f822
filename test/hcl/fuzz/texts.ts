import { shippedFiles } from '../blueprints.ts';
import { mutantsOf } from '../mutants.ts';
import { loadProbes } from '../probes.ts';
import type { Dialect } from './compare.ts';

/** Mutants of our own files and of the probes, in equal parts. The same seed gives the same texts. */
export function fuzzTexts(dialect: Dialect, count: number, seed: number): string[] {
  const files = shippedFiles(dialect).map((file) => file.text);
  const probes = loadProbes().map((probe) => probe.src);
  const half = Math.floor(count / 2);
  return [...mutantsOf(files, half, seed), ...mutantsOf(probes, count - half, seed + 1)];
}
