import { isDeepStrictEqual } from 'node:util';
import type { Json } from '../../schema/located.ts';
import type { Schema } from '../../schema/schema.ts';
import { type LowerContext, type OutputField, type ResourceType, resourceType } from '../resource-type.ts';

type Values = Readonly<Record<string, Json>>;

/** Something that was chosen by chance, and what was asked for: as long as that is the same, so is what was chosen. */
export interface ChosenSpec {
  readonly asked: Json;
  readonly chosen?: Values;
  /** Instead of `chosen`: not to be shown to anybody who does not ask for it. */
  readonly secret?: Values;
}

interface Random<Config> {
  readonly type: string;
  readonly schema: Schema<Config>;
  readonly doc: string;
  readonly fields: Readonly<Record<string, OutputField>>;
  readonly secret?: true;
  /** Reports what can't be; undefined then. */
  readonly choose: (config: Config, context: LowerContext) => Promise<Values | undefined> | Values | undefined;
}

/**
 * A resource that is nothing but a choice. It is made when the blueprint is read, so that every other block can be read with
 * it, and kept by the journal: `mesh taint` asks for another one.
 */
export function randomType<Config>({ fields, secret, choose, ...row }: Random<Config>): ResourceType {
  return resourceType<Config, ChosenSpec, undefined>({
    ...row,
    async lower(config, context) {
      const asked = JSON.parse(JSON.stringify(config)) as Json;
      const before = context.previous() as ChosenSpec | undefined;
      if (before && isDeepStrictEqual(before.asked, asked)) return before;
      const values = (await choose(config, context)) ?? {};
      return { asked, ...(secret ? { secret: values } : { chosen: values }) };
    },
    outputs: { fields, of: (spec) => ({ ...spec.chosen, ...spec.secret }) },
    create: () => Promise.resolve(),
    guards: () => [],
    destroy: () => Promise.resolve(),
  });
}
