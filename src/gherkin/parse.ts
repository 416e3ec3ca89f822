import { AstBuilder, compile, GherkinClassicTokenMatcher, Parser } from '@cucumber/gherkin';
import type {
  Feature as AstFeature,
  Scenario as AstScenario,
  Step as AstStep,
  GherkinDocument,
  Pickle,
  PickleStep,
} from '@cucumber/messages';
import type { Diagnostic } from '../base/diagnostic.ts';
import type { Source } from '../base/source.ts';
import { explainFailure } from './explain.ts';
import type { Feature, Scenario, Step } from './feature.ts';
import { lintFeature } from './lint.ts';
import { rangeAt } from './place.ts';

export interface ParseResult {
  /** Absent when the file could not be read, or holds no feature. */
  readonly feature?: Feature;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads a feature file in any language of Gherkin (`# language: de`). Never throws on what a user wrote. */
export function parseFeature(source: Source): ParseResult {
  let next = 0;
  const newId = () => String(next++);
  let document: GherkinDocument;
  try {
    document = new Parser(new AstBuilder(newId), new GherkinClassicTokenMatcher()).parse(source.text);
  } catch (error) {
    return { diagnostics: explainFailure(error, source) };
  }
  const { feature } = document;
  if (!feature) {
    const range = { source, start: 0, end: 0 };
    return {
      diagnostics: [
        { severity: 'error', summary: 'there is no feature in this file', subject: range, hint: 'it begins with "Feature: " and a name' },
      ],
    };
  }
  const index = indexOf(feature);
  const scenarios = compile(document, source.name, newId).map((pickle) => scenarioOf(pickle, index, source));
  return { feature: { source, name: feature.name, scenarios }, diagnostics: lintFeature(feature, source) };
}

interface Index {
  readonly steps: ReadonlyMap<string, AstStep>;
  readonly scenarios: ReadonlyMap<string, { readonly scenario: AstScenario; readonly rule?: string }>;
}

/** What the ids in pickles stand for. */
function indexOf(feature: AstFeature): Index {
  const steps = new Map<string, AstStep>();
  const scenarios = new Map<string, { scenario: AstScenario; rule?: string }>();
  const add = (child: AstFeature['children'][number], rule?: string): void => {
    for (const step of [...(child.background?.steps ?? []), ...(child.scenario?.steps ?? [])]) steps.set(step.id, step);
    if (child.scenario) scenarios.set(child.scenario.id, { scenario: child.scenario, ...(rule === undefined ? {} : { rule }) });
    for (const inner of child.rule?.children ?? []) add(inner, child.rule?.name);
  };
  for (const child of feature.children) add(child);
  return { steps, scenarios };
}

function scenarioOf(pickle: Pickle, index: Index, source: Source): Scenario {
  const [scenarioId = '', rowId] = pickle.astNodeIds;
  const { scenario, rule } = index.scenarios.get(scenarioId)!;
  const example = rowId === undefined ? undefined : exampleOf(scenario, rowId);
  return {
    name: pickle.name,
    range: rangeAt(source, scenario.location),
    lines: [scenario.location.line, ...(example ? [example.line] : [])],
    ...(rule === undefined ? {} : { rule }),
    ...(example ? { example: example.values } : {}),
    tags: [...new Set(pickle.tags.map(({ name }) => name))],
    steps: pickle.steps.map((step) => stepOf(step, index, source)),
  };
}

function exampleOf({ examples }: AstScenario, rowId: string): { line: number; values: Record<string, string> } | undefined {
  for (const { tableHeader, tableBody } of examples) {
    const row = tableBody.find(({ id }) => id === rowId);
    if (!row) continue;
    const values = Object.fromEntries((tableHeader?.cells ?? []).map(({ value }, i) => [value, row.cells[i]?.value ?? '']));
    return { line: row.location.line, values };
  }
  return undefined;
}

function stepOf({ astNodeIds, text, argument }: PickleStep, index: Index, source: Source): Step {
  const ast = index.steps.get(astNodeIds[0] ?? '')!;
  const table = argument?.dataTable?.rows.map(({ cells }) => cells.map(({ value }) => value));
  const docString = argument?.docString?.content;
  return {
    keyword: ast.keyword.trim(),
    text,
    range: rangeAt(source, ast.location),
    ...(table === undefined ? {} : { table }),
    ...(docString === undefined ? {} : { docString }),
  };
}
