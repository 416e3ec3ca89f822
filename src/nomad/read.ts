import { type Diagnostic, errorAt, hasErrors } from '../base/diagnostic.ts';
import { inReadingOrder } from '../base/reading-order.ts';
import { type Range, rangeOf, type Source } from '../base/source.ts';
import { didYouMean } from '../base/suggest.ts';
import { decodeHcl1, isJsonText } from '../hcl/hcl1/index.ts';
import { bodyToLocated, type Functions, parseHcl2 } from '../hcl/hcl2/index.ts';
import { readJson } from '../hcl/json.ts';
import { decode } from '../schema/decode.ts';
import type { Located, LocatedMap } from '../schema/located.ts';
import { fromApi, isApiJob } from './api-form.ts';
import { type Job, jobSchema } from './job-schema.ts';
import { runtimeNames } from './runtime-names.ts';
import { shaped } from './shape.ts';
import { scopeOf } from './variables.ts';

/** A job as it stands in its file. */
export interface JobObject {
  readonly name: string;
  readonly nameRange: Range | undefined;
  /** What the file says, in the shape of the schema. */
  readonly located: LocatedMap;
  readonly body: Job;
}

export interface JobFile {
  /** Absent when there are errors. */
  readonly job?: JobObject;
  readonly diagnostics: Diagnostic[];
}

interface Written {
  readonly name: string;
  readonly nameRange: Range | undefined;
  readonly header: Range | undefined;
  readonly value: LocatedMap;
}

/**
 * Reads a job file: HCL 2; HCL 1, as jobs were written before Nomad 1.0, if it is not HCL 2; or JSON, as Nomad's API has it or
 * as HCL. Never throws on input. `functions`: those of its expressions beside the language's own.
 */
export function readJobFile(source: Source, functions: Functions): JobFile {
  const found: Diagnostic[] = [];
  const written = isJsonText(source.text) ? ofJson(source, found) : ofHcl(source, functions, found);
  const job = written && jobOf(written, found);
  const diagnostics = inReadingOrder(found, [source]);
  return job && !hasErrors(diagnostics) ? { job, diagnostics } : { diagnostics };
}

function jobOf({ name, nameRange, header, value }: Written, out: Diagnostic[]): JobObject {
  if (!/^[\w.-]+$/.test(name) && !hasErrors(out)) {
    const detail = 'expected letters, digits, ".", "_" and "-"';
    out.push(errorAt(nameRange ?? header, `${JSON.stringify(name)} is not a name for a job here`, { detail }));
  }
  const located = shaped(value, jobSchema);
  const options = { subject: `job "${name}"`, incomplete: hasErrors(out), ...(header ? { header } : {}) };
  const decoded = decode(located, jobSchema, options);
  out.push(...decoded.diagnostics);
  return { name, nameRange, located, body: decoded.value };
}

const BLOCKS = ['job', 'variable', 'locals'];

function ofHcl(source: Source, functions: Functions, out: Diagnostic[]): Written | undefined {
  const { body, diagnostics } = parseHcl2(source);
  if (hasErrors(diagnostics)) {
    const old = decodeHcl1(source);
    if (!hasErrors(old.diagnostics)) return oneJob(old.value, source, out);
  }
  out.push(...diagnostics);
  for (const { name, nameRange } of body.attributes) {
    out.push(errorAt(nameRange, `unknown attribute "${name}" in a job file`, { hint: `known here: ${BLOCKS.join(', ')}` }));
  }
  for (const block of body.blocks) {
    if (BLOCKS.includes(block.type)) continue;
    const hint = { hint: `known here: ${BLOCKS.join(', ')}`, ...didYouMean(block.type, BLOCKS) };
    out.push(errorAt(block.typeRange, `unknown block "${block.type}" in a job file`, hint));
  }
  const [job, second] = body.blocks.filter(({ type }) => type === 'job');
  if (!job) {
    if (!hasErrors(out)) out.push(noJob(source));
    return undefined;
  }
  if (second) {
    const related = { related: { range: job.headerRange, message: 'the first one is here' } };
    out.push(errorAt(second.headerRange, 'a file holds one job', { hint: 'give each job a file of its own', ...related }));
  }
  const [label, ...more] = job.labels;
  if (!label) out.push(errorAt(job.headerRange, 'a job needs a name', { hint: 'write it as: job "web" { … }' }));
  if (more[0]) out.push(errorAt(more[0].range, 'a job has one label, its name'));
  const scope = scopeOf(body.blocks, runtimeNames(body), functions, out);
  const { value, diagnostics: found } = bodyToLocated(job.body, scope);
  out.push(...found);
  return { name: label?.value ?? 'job', nameRange: label?.range, header: job.headerRange, value };
}

function ofJson(source: Source, out: Diagnostic[]): Written | undefined {
  const { value, diagnostics } = readJson(source);
  out.push(...diagnostics);
  if (value?.type !== 'map') return undefined;
  if (!isApiJob(value)) return oneJob(value, source, out);
  const { name, value: body } = fromApi(value, out);
  return { name: name?.type === 'string' ? name.value : '', nameRange: name?.range, header: value.range, value: body };
}

/** `{ "job": { "web": { … } } }`, each perhaps in a list of one. */
function oneJob(file: LocatedMap, source: Source, out: Diagnostic[]): Written | undefined {
  const entry = file.entries.find(({ key }) => key === 'job');
  const jobs = entry ? bodies(entry.value).flatMap((map) => map.entries) : [];
  const [first, second] = jobs;
  const body = first && bodies(first.value)[0];
  if (!first || !body) {
    out.push(noJob(source));
    return undefined;
  }
  if (second) out.push(errorAt(second.keyRange, 'a file holds one job', { hint: 'give each job a file of its own' }));
  return { name: first.key, nameRange: first.keyRange, header: first.keyRange, value: body };
}

function bodies(value: Located): LocatedMap[] {
  if (value.type === 'map') return [value];
  return value.type === 'list' ? value.items.flatMap(bodies) : [];
}

const noJob = (source: Source): Diagnostic =>
  errorAt(rangeOf(source, 0, 0), 'there is no job in this file', { hint: 'write it as: job "web" { group "web" { task "web" { … } } }' });
