import { labelled, metaRows, ordered } from './format.ts';
import { type BindingRule, variableName } from './model.ts';

const ORDER = 'ID Description AuthMethod Selector BindType BindName BindVars CreateIndex ModifyIndex'.split(' ');

export const bindingRuleJson = (rule: BindingRule): unknown =>
  ordered(
    rule,
    ORDER.filter((name) => name !== 'BindVars'),
    ORDER,
  );

function rows(rule: BindingRule, meta: boolean): (readonly [string, string | number])[] {
  const { CreateIndex, ModifyIndex } = rule;
  return [
    ['AuthMethod', rule.AuthMethod],
    ['Description', rule.Description],
    ['BindType', rule.BindType],
    ['BindName', rule.BindName],
    ...(variableName(rule.BindVars) === '' ? [] : [['BindVars', `Name: ${variableName(rule.BindVars)}`] as const]),
    ['Selector', rule.Selector],
    ...metaRows({ CreateIndex, ModifyIndex }, meta),
  ];
}

export const bindingRuleText = (rule: BindingRule, meta: boolean): string => labelled(14, [['ID', rule.ID], ...rows(rule, meta)]);

export const bindingRuleListText = (rules: readonly BindingRule[], meta: boolean): string =>
  rules.map((rule) => `${rule.ID}:\n${labelled(14, rows(rule, meta), '   ')}`).join('');
