import { relative } from 'node:path';
import type { Result } from '../../base/result.ts';
import type { FunctionFailure } from '../../hcl/hcl2/index.ts';
import type { Json, Located } from '../../schema/located.ts';
import type { LoadOptions } from '../loaded.ts';

/** What the functions with effects see. */
export interface World extends Pick<LoadOptions, 'env' | 'userHome' | 'dataFolder' | 'files' | 'cwd'> {
  /** The file of a blueprint that the call stands in. */
  readonly file: string;
  /** Renders a Handlebars template. */
  readonly render: (template: string, variables: Readonly<Record<string, Json>>) => Result<string, string>;
}

export type Answer = Located | FunctionFailure;

export const text = (value: string): Located => ({ type: 'string', value });

export function isOutside(root: string, path: string): boolean {
  const below = relative(root, path);
  return below === '' || below.startsWith('..') || /^(?:[A-Za-z]:|\/)/.test(below);
}
