/** An element of a document; texts within it are joined. */
export interface Xml {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Xml[];
  readonly text: string;
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** Reads an XML document strictly, as far as reports need it: throws for anything that is not well-formed. */
export function parseXml(document: string): Xml {
  // XML 1.0, production 2: no control characters, no halves of pairs.
  const bad = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u.exec(document);
  if (bad) throw new Error(`U+${bad[0].codePointAt(0)!.toString(16)} is no character of XML`);
  let at = 0;
  const fail = (what: string): never => {
    throw new Error(`${what} at ${JSON.stringify(document.slice(at, at + 40))}`);
  };
  const take = (pattern: RegExp, what: string): RegExpExecArray => {
    const sticky = new RegExp(pattern.source, 'yu');
    sticky.lastIndex = at;
    const match = sticky.exec(document) ?? fail(`expected ${what}`);
    at += match[0].length;
    return match;
  };
  const decode = (text: string): string =>
    text.replace(/&([^;&\s]*)(;?)/g, (_, name: string, end: string) => {
      const code = /^#(\d+)$/.exec(name)?.[1];
      const value = code === undefined ? ENTITIES[name] : String.fromCodePoint(Number(code));
      return end === ';' && value !== undefined ? value : fail(`the entity &${name}`);
    });
  const element = (): Xml => {
    const [, name = ''] = take(/<([A-Za-z_][\w.-]*)/, 'an element');
    const attributes: Record<string, string> = {};
    while (document.slice(at).match(/^\s+\w/)) {
      const [, key = '', value = ''] = take(/\s+([A-Za-z_][\w.-]*)="([^"<]*)"/, 'an attribute');
      if (key in attributes) fail(`a second attribute ${key}`);
      attributes[key] = decode(value);
    }
    if (take(/\s*(\/?)>/, 'the end of a tag')[1] === '/') return { name, attributes, children: [], text: '' };
    const children: Xml[] = [];
    let text = '';
    while (!document.startsWith('</', at)) {
      if (document[at] === '<') children.push(element());
      else {
        const [part] = take(/[^<]+/, 'text');
        if (part.includes(']]>')) fail(']]> in a text');
        text += decode(part);
      }
    }
    if (take(/<\/([\w.-]+)\s*>/, 'an end tag')[1] !== name) fail(`expected </${name}>`);
    return { name, attributes, children, text };
  };
  take(/<\?xml version="1\.0" encoding="UTF-8"\?>\s*/, 'a declaration');
  const root = element();
  take(/\s*$/, 'the end');
  return root;
}

export function elements(root: Xml, name: string): Xml[] {
  return [...(root.name === name ? [root] : []), ...root.children.flatMap((child) => elements(child, name))];
}
