import { errorAt } from '../../base/diagnostic.ts';
import { bool, type Decoded, int, object, optional, required, string, withDefault } from '../../schema/schema.ts';
import { randomType } from '../random/chosen.ts';
import { type Alphabet, choosePassword, LOWER, NUMERIC, SPECIAL, UPPER } from '../random/password.ts';
import type { LowerContext } from '../resource-type.ts';

const KEPT = 'It stays the same from run to run, until its own attributes change or `mesh taint` asks for another one.';

export const randomNumber = randomType({
  type: 'random_number',
  schema: object({
    minimum: required(int(), 'The smallest number.'),
    maximum: required(int(), 'The largest number; it can be chosen as well.'),
  }),
  doc: `A whole number that is chosen by chance. ${KEPT}`,
  fields: { value: { schema: int(), doc: 'The number.' } },
  async choose({ minimum, maximum }, context) {
    const { randomInt } = await import('node:crypto');
    if (minimum <= maximum && maximum - minimum < 2 ** 48 - 1) return { value: randomInt(minimum, maximum + 1) };
    const detail = minimum > maximum ? `"minimum" is ${minimum}` : 'the two may be at most 2^48 - 2 apart';
    context.report(errorAt(context.at('maximum'), `there is no number from ${minimum} to ${maximum} to choose`, { detail }));
    return undefined;
  },
});

export const randomId = randomType({
  type: 'random_id',
  schema: object({ byte_length: required(int(1, 1024), 'How many random bytes it is made of.') }),
  doc: `An identifier: random bytes, in three notations. ${KEPT}`,
  fields: {
    base64: { schema: string(), doc: 'The bytes in base64.' },
    hex: { schema: string(), doc: 'The bytes in hexadecimal digits, two each.' },
    dec: { schema: string(), doc: 'The bytes as one decimal number, the first byte being the most significant.' },
  },
  async choose({ byte_length: length }) {
    const { randomBytes } = await import('node:crypto');
    const bytes = randomBytes(length);
    const hex = bytes.toString('hex');
    return { base64: bytes.toString('base64'), hex, dec: BigInt(`0x${hex}`).toString() };
  },
});

export const randomUuid = randomType({
  type: 'random_uuid',
  schema: object({}),
  doc: `A UUID of version 4. ${KEPT}`,
  fields: { value: { schema: string(), doc: 'The UUID, in lower case.' } },
  async choose() {
    const { randomUUID } = await import('node:crypto');
    return { value: randomUUID() };
  },
});

export const randomCreature = randomType({
  type: 'random_creature',
  schema: object({}),
  doc: `A name that is easily told: an adjective and a creature. ${KEPT}`,
  fields: { value: { schema: string(), doc: 'The name: `brave-heron`.' } },
  async choose() {
    const { randomInt } = await import('node:crypto');
    const { ADJECTIVES, CREATURES } = await import('../random/creatures.ts');
    return { value: `${ADJECTIVES[randomInt(ADJECTIVES.length)]}-${CREATURES[randomInt(CREATURES.length)]}` };
  },
});

const least = (what: string) => optional(int(0), `How many ${what} it has at least.`);

const password = object({
  length: required(int(1, 4096), 'How many characters it has.'),
  special: withDefault(bool(), true, `With special characters: \`${SPECIAL}\`.`),
  numeric: withDefault(bool(), true, 'With digits.'),
  lower: withDefault(bool(), true, 'With lower-case letters, a to z.'),
  upper: withDefault(bool(), true, 'With upper-case letters, A to Z.'),
  override_special: optional(string(), 'The special characters to choose from, instead of those above.'),
  min_special: least('special characters'),
  min_numeric: least('digits'),
  min_lower: least('lower-case letters'),
  min_upper: least('upper-case letters'),
});

export const randomPassword = randomType({
  type: 'random_password',
  schema: password,
  doc: `A password. ${KEPT} It is not shown by \`mesh plan\` or \`mesh status\`, but stands in the state of mesh, in the clear, and wherever the blueprint puts it.`,
  fields: { value: { schema: string(), doc: 'The password.' } },
  secret: true,
  async choose(config, context) {
    const alphabets = alphabetsOf(config, context);
    return alphabets && { value: await choosePassword(config.length, alphabets) };
  },
});

function alphabetsOf(config: Decoded<typeof password>, context: LowerContext): Alphabet[] | undefined {
  const characters = { special: config.override_special || SPECIAL, numeric: NUMERIC, lower: LOWER, upper: UPPER };
  const names = ['special', 'numeric', 'lower', 'upper'] as const;
  let usable = true;
  const report = (at: string, summary: string, detail: string): void => {
    usable = false;
    context.report(errorAt(context.at(at), summary, { detail }));
  };
  for (const name of names)
    if (!config[name] && (config[`min_${name}`] ?? 0) > 0)
      report(`min_${name}`, `"min_${name}" asks for what "${name} = false" forbids`, 'take one of them away');
  const alphabets = names
    .filter((name) => config[name])
    .map((name) => ({ name, characters: characters[name], minimum: config[`min_${name}`] ?? 0 }));
  const sum = alphabets.reduce((total, { minimum }) => total + minimum, 0);
  if (alphabets.length === 0)
    report('length', 'there are no characters to choose from', 'let one of special, numeric, lower, upper be true');
  if (sum > config.length) report('length', `a password of length ${config.length} is too short`, `its minima ask for ${sum} characters`);
  return usable ? alphabets : undefined;
}
