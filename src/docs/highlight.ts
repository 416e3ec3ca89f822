import hljs from 'highlight.js/lib/core';
import bash from 'highlight.js/lib/languages/bash';
import go from 'highlight.js/lib/languages/go';
import javascript from 'highlight.js/lib/languages/javascript';
import json from 'highlight.js/lib/languages/json';
import yaml from 'highlight.js/lib/languages/yaml';
import { escapeHtml } from '../base/html.ts';
import { hcl } from './hcl-grammar.ts';

hljs.registerLanguage('bash', bash);
hljs.registerLanguage('go', go);
hljs.registerLanguage('hcl', hcl);
hljs.registerLanguage('javascript', javascript);
hljs.registerLanguage('json', json);
hljs.registerLanguage('yaml', yaml);
hljs.registerAliases(['shell', 'console', 'sh', 'shell-session'], { languageName: 'bash' });
hljs.registerAliases(['terraform', 'tf', 'hcl1', 'hcl2'], { languageName: 'hcl' });

/** Code as HTML. A block that calls itself Go and looks like Consul's HCL is HCL: that is how people get it coloured. */
export function highlight(code: string, language: string): string {
  const name = language === 'go' && !/^\s*(package|func|import|type|var)\b/m.test(code) ? 'hcl' : language;
  if (!hljs.getLanguage(name)) return escapeHtml(code);
  return hljs.highlight(code, { language: name, ignoreIllegals: true }).value;
}
