import type { HLJSApi, Language } from 'highlight.js';

/** HCL, which highlight.js does not have: blocks, attributes, strings with templates, heredocs. */
export function hcl(hljs: HLJSApi): Language {
  const template = { className: 'subst', begin: /[$%]\{/, end: /\}/, contains: [hljs.QUOTE_STRING_MODE, hljs.NUMBER_MODE] };
  return {
    name: 'HCL',
    keywords: { keyword: 'for in if else endif endfor', literal: 'true false null' },
    contains: [
      hljs.COMMENT('//', '$'),
      hljs.COMMENT('/\\*', '\\*/'),
      hljs.HASH_COMMENT_MODE,
      hljs.NUMBER_MODE,
      { className: 'string', begin: '"', end: '"', illegal: '\\n', contains: [hljs.BACKSLASH_ESCAPE, template] },
      hljs.END_SAME_AS_BEGIN({ className: 'string', begin: /<<-?\s*(\w+)/, end: /^\s*(\w+)/ }),
      { className: 'attr', begin: /[A-Za-z_][\w-]*(?=\s*=[^=])/ },
      { className: 'title', begin: /[A-Za-z_][\w-]*(?=\s*("[^"\n]*"\s*)*\{)/ },
    ],
  };
}
