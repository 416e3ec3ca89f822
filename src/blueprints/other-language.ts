import { type Diagnostic, errorAt } from '../base/diagnostic.ts';
import { type Range, rangeOf, type Source } from '../base/source.ts';
import type { Body } from '../hcl/hcl2/ast.ts';
import { literalText } from '../hcl/hcl2/references.ts';

/** A file of a blueprint as far as it could be read. */
export interface ReadFile {
  readonly source: Source;
  readonly body: Body;
  /** There are errors in its syntax. */
  readonly broken: boolean;
}

const BLUEPRINT = 'the *.hcl files of a blueprint are HCL 2 and hold blocks: container "web" { … }';
const BELOW = 'files of Consul lie in a folder below the blueprint';

/**
 * What a file is that was written for another program, or in another language: one message in the place of all the errors
 * that it causes. Undefined for what can only be meant as a blueprint.
 */
export function otherLanguage(file: ReadFile): Diagnostic | undefined {
  return (file.broken ? otherSyntax(file.source) : undefined) ?? entry(file) ?? otherProgram(file.body);
}

function otherSyntax(source: Source): Diagnostic | undefined {
  const { text } = source;
  const conflict = /^(?:<{7}|>{7}|={7})(?: .*)?$/m.exec(text);
  if (conflict) {
    const hint = 'decide for one side, and remove the lines that begin with <<<<<<<, ======= and >>>>>>>';
    return errorAt(matched(source, conflict), 'this line was left here by a merge', { hint });
  }
  const fence = /^```.*$/m.exec(text);
  if (fence) return errorAt(matched(source, fence), 'this line is Markdown', { hint: 'remove the lines that begin with ```' });
  const json = /^\s*[{[]\s*["{}[\]]/.exec(text);
  if (json) return errorAt(rangeOf(source, text.search(/[{[]/), text.search(/[{[]/) + 1), 'this is JSON', { detail: BLUEPRINT });
  return yaml(source);
}

/** Most lines are `key:`, `key: value` or `- item`, the first one too, and there are no braces that would be blocks. */
function yaml(source: Source): Diagnostic | undefined {
  const lines = source.text.split('\n').filter((line) => line.trim() !== '' && !/^\s*#/.test(line));
  const alike = lines.filter((line) => /^(?:---|\s*(?:- )?["']?[\w./-]+["']?:(?:\s|$)|\s*- )/.test(line));
  if (lines[0] !== alike[0] || alike.length * 4 < lines.length * 3 || lines.some((line) => /\{\s*$/.test(line))) return undefined;
  const start = source.text.indexOf(lines[0]!);
  const hint = /^kind:/m.test(source.text)
    ? 'manifests go into a folder of their own, which a k8s_config names: paths = ["./k8s"]'
    : /^services:/m.test(source.text)
      ? 'each service of a compose file is a block here: container "web" { image { name = … } }'
      : undefined;
  return errorAt(rangeOf(source, start, start + lines[0]!.trimEnd().length), 'this is YAML', {
    detail: BLUEPRINT,
    ...(hint ? { hint } : {}),
  });
}

const ENTRY_KIND =
  /^(?:service-(?:defaults|router|splitter|resolver|intentions)|proxy-defaults|(?:ingress|terminating|api)-gateway|mesh|exported-services)$/;
const BEGINS_WITH_KIND = /^(?:\s|#.*|\/\/.*)*[Kk]ind[ \t]*[=:][ \t]*"([\w-]+)"/;

function entry({ source, body, broken }: ReadFile): Diagnostic | undefined {
  const kind = body.attributes.find(({ name, value }) => /^[Kk]ind$/.test(name) && ENTRY_KIND.test(literalText(value) ?? ''));
  const first = broken ? BEGINS_WITH_KIND.exec(source.text) : undefined;
  const range = kind?.range ?? (first && ENTRY_KIND.test(first[1]!) ? lastLineOf(source, first) : undefined);
  if (!range) return undefined;
  return errorAt(range, 'this is a config entry of Consul, not a part of a blueprint', {
    detail: `${BLUEPRINT}; ${BELOW}`,
    hint: `mesh config write ${source.name}`,
  });
}

const AGENT_KEYS = [
  'data_dir',
  'datacenter',
  'bind_addr',
  'client_addr',
  'bootstrap_expect',
  'retry_join',
  'node_name',
  'server',
  'ui_config',
];
const AGENT_HINT = 'a container that runs `consul agent` mounts that folder: volume { source = "./consul_config" destination = "/config" }';

function otherProgram({ attributes, blocks }: Body): Diagnostic | undefined {
  const definition = blocks.find(({ type, labels }) => (type === 'service' || type === 'services') && labels.length === 0);
  if (definition) {
    return errorAt(definition.headerRange, 'this is a service definition of Consul, not a part of a blueprint', {
      detail: `${BLUEPRINT}; ${BELOW}`,
      hint: AGENT_HINT,
    });
  }
  const key = attributes.find(({ name }) => AGENT_KEYS.includes(name));
  if (key) {
    return errorAt(key.nameRange, 'this is configuration of a Consul agent, not a part of a blueprint', {
      detail: `${BLUEPRINT}; ${BELOW}`,
      hint: AGENT_HINT,
    });
  }
  const terraform = blocks.find(
    ({ type, labels }) =>
      (type === 'terraform' && labels.length === 0) ||
      (type === 'provider' && labels.length === 1) ||
      (type === 'data' && labels.length === 2),
  );
  if (terraform)
    return errorAt(terraform.headerRange, 'this is written for Terraform', {
      detail: `${BLUEPRINT}; the language is the same, the blocks are others`,
    });
  const job = blocks.find(
    ({ type, labels, body }) => type === 'job' && labels.length === 1 && body.blocks.some((block) => block.type === 'group'),
  );
  if (job) {
    return errorAt(job.headerRange, 'this is a job of Nomad, not a part of a blueprint', {
      detail: BLUEPRINT,
      hint: 'put it into a folder below the blueprint, and name it in a nomad_job: paths = ["./jobs/web.nomad"]',
    });
  }
  return undefined;
}

function matched(source: Source, { index, 0: text }: RegExpExecArray): Range {
  return rangeOf(source, index, index + text.trimEnd().length);
}

function lastLineOf(source: Source, { index, 0: text }: RegExpExecArray): Range {
  const end = index + text.length;
  return rangeOf(source, source.text.lastIndexOf('\n', end - 1) + 1, end);
}
