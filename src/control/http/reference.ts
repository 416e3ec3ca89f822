import type { Shape } from '../../filter/shape.ts';
import type { Endpoint } from './endpoint.ts';

/** The reference page of the HTTP API, from its table. */
export function renderHttpReference(endpoints: readonly Endpoint[]): string {
  const groups = new Map<string, Endpoint[]>();
  for (const endpoint of endpoints) {
    const group = groupOf(endpoint.path);
    groups.set(group, [...(groups.get(group) ?? []), endpoint]);
  }
  const sections = [...groups].map(([group, rows]) => renderGroup(group, rows));
  return `${INTRODUCTION}
${sections.join('\n')}
${renderFilters(endpoints)}`;
}

const INTRODUCTION = `# HTTP API

Consul's HTTP API, version 1, as its clients use it. This page is made from the table of endpoints that the agent serves.

- Wherever a path has a \`:name\`, the last one takes the rest of the path, slashes included.
- An error is plain text. 400: the request makes no sense; 403: the token may not; 404: there is no such thing; 405: another method, see
  \`Allow\`; 413: the body is too large; 429: too many requests, connections or waiting queries; 500: everything else that Consul refuses,
  the validation of config entries included.
- A token is given as \`?token=\`, \`X-Consul-Token\` or \`Authorization: Bearer\`. What it must allow stands beside each endpoint.
- \`?pretty\` indents. \`Accept-Encoding: gzip\` compresses.
- Queries: \`?dc=\` names a datacenter; \`?index=\` with \`?wait=\` (5m by default, 10m at most) waits until the answer's \`X-Consul-Index\` is
  above it; \`?filter=\` narrows where the table says so; \`?stale\`, \`?consistent\` and \`?cached\` are taken and change nothing, since there
  is one server and it answers from memory.
- Requests whose \`Host\` is neither an address of the agent nor opened, and those of other web sites, get 403.
`;

/** `/v1/health/node/:node` is of health; what is not below /v1 is named by its first part. */
function groupOf(path: string): string {
  const [first = '', second] = path.split('/').filter((part) => part !== '');
  return first === 'v1' && second !== undefined ? second : first;
}

function renderGroup(group: string, rows: readonly Endpoint[]): string {
  const lines = rows.map(
    ({ method, path, acl, filter, doc }) => `| ${method} | \`${path}\` | ${acl} | ${filter ? 'yes' : ''} | ${cell(doc)} |`,
  );
  return `## ${group}

| method | path | rights | filter | |
|---|---|---|---|---|
${lines.join('\n')}
`;
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('<', '&lt;');

function renderFilters(endpoints: readonly Endpoint[]): string {
  const byShape = new Map<Shape, string[]>();
  for (const { path, filter } of endpoints) if (filter) byShape.set(filter, [...(byShape.get(filter) ?? []), path]);
  const parts = [...byShape].map(([shape, paths]) => {
    const selectors = selectorsOf(shape).map((selector) => `\`${selector}\``);
    return `${paths.map((path) => `\`${path}\``).join(', ')}:\n${selectors.join(', ')}\n`;
  });
  return `## Selectors of filters

\`*\` stands for any name.

${parts.join('\n')}`;
}

/** Every selector that ends at a value, or at a list or map that can be searched. */
function selectorsOf(shape: Shape, path = ''): string[] {
  const at = (name: string): string => (path === '' ? name : `${path}.${name}`);
  switch (shape.kind) {
    case 'struct':
      return Object.entries(shape.fields).flatMap(([name, field]) => selectorsOf(field, at(name)));
    case 'map':
      return [...(path === '' ? [] : [path]), ...selectorsOf(shape.value, at('*'))];
    case 'list': {
      const inner = selectorsOf(shape.item, path);
      return path === '' || inner.includes(path) ? inner : [path, ...inner];
    }
    case 'string':
    case 'int':
    case 'bool':
      return [path];
  }
}
