import { describe, expect, it } from 'vitest';
import { renderDiagnostic } from '../../../src/base/diagnostic.ts';
import { renderHandlebarsBlock } from '../../../src/blueprints/template/handlebars.ts';
import type { Json } from '../../../src/schema/located.ts';

function render(text: string, variables: Record<string, Json> = {}): string {
  const values = Object.assign(Object.create(null) as Record<string, Json>, variables);
  const { text: rendered, diagnostics } = renderHandlebarsBlock({ name: 't', text }, values);
  return [...(rendered === undefined ? [] : [rendered]), ...diagnostics.map((diagnostic) => renderDiagnostic(diagnostic))].join('\n');
}

describe('the template of a block', () => {
  it('has blocks, paths, quote and trim', () => {
    const variables = { name: ' a ', on: true, list: [1, 2], deep: { x: ['y'] } };
    expect(render('{{ trim name }}|{{ quote (trim name) }}|{{#if on}}on{{else}}off{{/if}}|{{deep.x.[0]}}', variables)).toBe('a|"a"|on|y');
    expect(render('{{#each list}}{{@index}}={{this}};{{/each}}{{#list}}{{.}}{{/list}}', variables)).toBe('0=1;1=2;12');
    expect(render('{{#unless missing}}none{{/unless}}')).toBe('none');
  });

  it('says where it is wrong', () => {
    expect(render('a\n  {{ upper name }}', { name: 'x' })).toMatch(/^t:2:6: error: there is no helper "upper"/);
    expect(render('{{> header }}')).toMatch(/^t:1:5: error: there is no partial "header"/);
    expect(render('{{#each list}}\n{{this}}\n')).toMatch(/^t:3:1: error: the template can't be read here: it ends too early/);
    expect(render('a\nbcd {{ a } }}')).toMatch(/^t:2:10: error: the template can't be read here: this character can not stand here/);
    expect(render('x {{#if a}}{{/unless}}', { a: 1 })).toMatch(/^t:1:\d+: error: if doesn't match unless/);
  });

  it('writes nothing for what nobody gives, and says so', () => {
    expect(render('[{{ nmae }}]', { name: 'x' })).toMatch(
      /^\[\]\nt:1:5: warning: "nmae" has no value in "variables"[\s\S]*did you mean "name"/,
    );
    expect(render('[{{ a.c }}]', { a: { b: 1 } })).toMatch(/^\[\]\nt:1:5: warning: "c" has no value/);
    // What stands in a block belongs to what it goes through.
    expect(render('{{#each list}}{{ key }}{{/each}}', { list: [{ key: 1 }] })).toBe('1');
  });

  it('leads to nothing but values', () => {
    expect(render('[{{ constructor.name }}{{ a.__proto__ }}{{ a.constructor }}]', { a: {} })).toMatch(/^\[\]\n/);
    expect(render('{{ log "x" }}')).toContain('there is no helper "log"');
  });
});
