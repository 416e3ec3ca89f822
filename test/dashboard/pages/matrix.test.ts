import { describe, expect, it } from 'vitest';
import {
  choiceOf,
  commandOf,
  type Intention,
  inherited,
  matrixOf,
  nextChoice,
  ruleText,
} from '../../../src/dashboard/pages/intentions/matrix.ts';

const intention = (SourceName: string, DestinationName: string, Action: 'allow' | 'deny', Precedence: number): Intention => ({
  SourceName,
  DestinationName,
  Action,
  Precedence,
});

const ALL = [
  intention('web', 'payments', 'allow', 9),
  intention('*', 'payments', 'deny', 8),
  intention('web', '*', 'deny', 6),
  intention('*', '*', 'allow', 5),
];

describe('matrixOf', () => {
  it('has services, whoever else is named, and any first', () => {
    const { sources, destinations } = matrixOf(['web', 'api'], [intention('job', 'db', 'allow', 9), ...ALL], 'allow');
    expect(sources).toEqual(['*', 'api', 'job', 'web']);
    expect(destinations).toEqual(['*', 'api', 'db', 'payments', 'web']);
  });

  it('decides as precedence does: both, the destination, the source, any, the default', () => {
    const decided = (rules: readonly Intention[]) => {
      const { decision, by } = matrixOf(['web', 'payments'], rules, 'deny').cell('web', 'payments');
      return [decision, by?.Precedence];
    };
    expect([0, 1, 2, 3, 4].map((from) => decided(ALL.slice(from)))).toEqual([
      ['allow', 9],
      ['deny', 8],
      ['deny', 6],
      ['allow', 5],
      ['deny', undefined],
    ]);
  });

  it('says what would decide without the rule of the pair', () => {
    const matrix = matrixOf(['web', 'payments'], ALL, 'allow');
    const rest = (source: string, destination: string) => inherited(matrix, matrix.cell(source, destination))?.Precedence;
    expect([rest('web', 'payments'), rest('*', 'payments'), rest('web', '*'), rest('*', '*')]).toEqual([8, 5, 5, undefined]);
  });

  it('leaves permissions and callers of other clusters alone', () => {
    const permissions = { ...intention('web', 'payments', 'allow', 9), Action: '' as const, Permissions: [{}] };
    const peer = { ...intention('web', 'payments', 'deny', 9), SourcePeer: 'partner' };
    const { decision } = matrixOf([], [peer, permissions], 'allow').cell('web', 'payments');
    expect(decision).toBe('mixed');
    expect(matrixOf([], [peer], 'allow').cell('web', 'payments').decision).toBe('allow');
  });
});

describe('a click', () => {
  it('goes round: from what is inherited to its opposite, then the other, then back', () => {
    const next = (rules: readonly Intention[], byDefault: 'allow' | 'deny') => {
      const cell = matrixOf([], rules, byDefault).cell('web', 'payments');
      return [choiceOf(cell), nextChoice(cell)];
    };
    expect(next([], 'allow')).toEqual(['inherit', 'deny']);
    expect(next([], 'deny')).toEqual(['inherit', 'allow']);
    expect(next([intention('web', 'payments', 'deny', 9)], 'allow')).toEqual(['deny', 'allow']);
    expect(next([intention('web', 'payments', 'allow', 9)], 'allow')).toEqual(['allow', 'inherit']);
  });

  it('says what it writes as a command', () => {
    const cell = matrixOf([], [intention('*', 'payments', 'deny', 8)], 'allow').cell('*', 'payments');
    expect(commandOf('allow', cell)).toBe("mesh intention create -allow -replace '*' payments");
    expect(commandOf('inherit', cell)).toBe("mesh intention delete '*' payments");
    expect(commandOf('deny', { source: 'web', destination: 'api', decision: 'allow' })).toBe('mesh intention create -deny web api');
    expect([ruleText(cell), ruleText({})]).toEqual(['* => payments (precedence 8)', 'the default']);
  });
});
