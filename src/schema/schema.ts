import type { Json } from './located.ts';

/**
 * The shape of a piece of configuration, as plain data: decoders, reference pages and completion read the same schema.
 * `T` is the decoded type; it exists only for the compiler.
 */
export type Schema<T = unknown> = SchemaNode & { readonly _type?: T };

export type SchemaNode =
  /** `refersTo`: the text is `<type>.<name>` of a resource of one of these types. */
  (
    | { readonly kind: 'string'; readonly oneOf?: readonly string[]; readonly refersTo?: readonly string[] }
    | { readonly kind: 'int'; readonly min?: number; readonly max?: number }
    | { readonly kind: 'float' }
    | { readonly kind: 'bool' }
    /** Decoded to nanoseconds. `integer`: printed as them too, where Consul prints a duration without making it a text. */
    | { readonly kind: 'duration'; readonly integer?: true }
    /** Any value, decoded to plain JSON. */
    | { readonly kind: 'any' }
    | { readonly kind: 'list'; readonly item: Schema }
    | { readonly kind: 'map'; readonly value: Schema }
    /** `open`: it may have further fields, which are left out of what is decoded. */
    | { readonly kind: 'object'; readonly fields: Readonly<Record<string, Field>>; readonly open?: true; readonly struct?: GoStruct }
  ) & {
    /** Go's name of the type, where `decodeGoJson` can't derive it: `uint64`, `api.TxnOps`, `structs.RegisterRequest`. */
    readonly go?: string;
  };

/** What Consul's decoding of a struct knows beyond its fields. */
export interface GoStruct {
  /** Other spellings of fields: `{ sidecar_service: 'SidecarService' }`. */
  readonly aliases: Readonly<Record<string, string>>;
  /** It has an UnmarshalJSON of its own: what is wrong inside is told of the field that holds it. */
  readonly unmarshals: boolean;
}

export interface Field<S extends Schema = Schema, Required extends boolean = boolean> {
  readonly schema: S;
  readonly required: Required;
  /** Used when the field is absent. Makes the decoded field non-optional. */
  readonly default?: unknown;
  /** One sentence for the reference page. */
  readonly doc: string;
  /** It is known and can't be used: why. Whoever gives it gets that as an error, and nothing else is called missing. */
  readonly refused?: string;
}

export type Decoded<S> = S extends Schema<infer T> ? T : never;
type Present<F> = { [K in keyof F as F[K] extends Field<Schema, true> ? K : never]: F[K] extends Field<infer S> ? Decoded<S> : never };
type Absent<F> = { [K in keyof F as F[K] extends Field<Schema, true> ? never : K]?: F[K] extends Field<infer S> ? Decoded<S> : never };
export type DecodedFields<F> = { [K in keyof (Present<F> & Absent<F>)]: (Present<F> & Absent<F>)[K] };

export const string = (oneOf?: readonly string[]): Schema<string> => (oneOf ? { kind: 'string', oneOf } : { kind: 'string' });
export const oneOf = <const V extends string>(...values: V[]): Schema<V> => ({ kind: 'string', oneOf: values });
/** A reference to another resource, written as a string: `network = "network.local"`. */
export const reference = (...types: string[]): Schema<string> => ({ kind: 'string', refersTo: types });
export const int = (min?: number, max?: number): Schema<number> => ({
  kind: 'int',
  ...(min === undefined ? {} : { min }),
  ...(max === undefined ? {} : { max }),
});
export const port = (): Schema<number> => int(0, 65535);
export const float = (): Schema<number> => ({ kind: 'float' });
export const bool = (): Schema<boolean> => ({ kind: 'bool' });
export const duration = (): Schema<number> => ({ kind: 'duration' });
/** A duration that Consul prints as a number of nanoseconds. */
export const nanoseconds = (): Schema<number> => ({ kind: 'duration', integer: true });
export const any = (): Schema<Json> => ({ kind: 'any' });
export const list = <T>(item: Schema<T>): Schema<T[]> => ({ kind: 'list', item });
export const map = <T>(value: Schema<T>): Schema<Record<string, T>> => ({ kind: 'map', value });
export const object = <const F extends Readonly<Record<string, Field>>>(fields: F): Schema<DecodedFields<F>> => ({
  kind: 'object',
  fields,
});

/** An object that may have other fields, too: whoever decodes it looks at them himself. */
export const openObject = <const F extends Readonly<Record<string, Field>>>(fields: F): Schema<DecodedFields<F>> => ({
  kind: 'object',
  fields,
  open: true,
});

/** A schema whose Go type has this name: `goType('uint64', int())`. */
export const goType = <S extends Schema>(name: string, schema: S): S => ({ ...schema, go: name });

/** A struct of Consul's, for `decodeGoJson`. `name` is as Go prints it, with the package; '' for one that has no name. */
export const goStruct = <const F extends Readonly<Record<string, Field>>>(
  name: string,
  fields: F,
  { aliases = {}, unmarshals = false }: Partial<GoStruct> = {},
): Schema<DecodedFields<F>> => ({ kind: 'object', fields, struct: { aliases, unmarshals }, ...(name === '' ? {} : { go: name }) });

/** Bytes that JSON holds as base64; decoded to their canonical base64. */
export const base64 = (): Schema<string> => ({ kind: 'string', go: '[]uint8' });

/** An unsigned number of 64 bits; decoded to its decimal digits, as JavaScript's numbers end before. */
export const uint64Digits = (): Schema<string> => ({ kind: 'string', go: 'uint64' });

/** A field that must be given. */
export const required = <S extends Schema>(schema: S, doc: string): Field<S, true> => ({ schema, required: true, doc });
/** A field that may be left out. */
export const optional = <S extends Schema>(schema: S, doc: string): Field<S, false> => ({ schema, required: false, doc });
/** A field that others know and that has no place here. */
export const refused = (reason: string): Field<Schema<Json>, false> => ({
  schema: any(),
  required: false,
  doc: `Refused: ${reason}.`,
  refused: reason,
});
/** A field that has a default. */
export const withDefault = <S extends Schema>(schema: S, value: Decoded<S>, doc: string): Field<S, true> => ({
  schema,
  required: true,
  default: value,
  doc,
});

/** The default of a field, for a value of its own: defaults are plain JSON. (structuredClone takes 7 ms when it is first called.) */
export function defaultOf({ default: value }: Field): unknown {
  return typeof value === 'object' ? JSON.parse(JSON.stringify(value)) : value;
}
