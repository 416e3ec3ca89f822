import { describe, expect, it } from 'vitest';
import type { IntentionRule } from '../../src/compile/proxy-config.ts';
import { decide, describeDecision } from '../../src/matching/decide.ts';

const rule = (source: string, action: 'allow' | 'deny', precedence: number): IntentionRule => ({ source, action, precedence });

describe('decide', () => {
  it.each([
    [[], 'allow', 'web', 'allow', 'no intention matches, the default is allow'],
    [[], 'deny', 'web', 'deny', 'no intention matches, the default is deny'],
    [[rule('web', 'allow', 9), rule('*', 'deny', 8)], 'deny', 'web', 'allow', 'intention allow web => payments (precedence 9)'],
    [[rule('web', 'allow', 9), rule('*', 'deny', 8)], 'allow', 'billing', 'deny', 'intention deny * => payments (precedence 8)'],
    [[rule('Web', 'deny', 6)], 'allow', 'web', 'deny', 'intention deny Web => * (precedence 6)'],
    [[rule('web', 'deny', 9)], 'allow', 'web2', 'allow', 'no intention matches, the default is allow'],
  ] as const)('%j, else %s: %s is %s', (rules, defaultAction, source, action, why) => {
    const decision = decide(rules, defaultAction, source);
    expect([decision.action, describeDecision(decision, 'payments')]).toEqual([action, why]);
  });
});
