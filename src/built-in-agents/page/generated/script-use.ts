import type { AnyNode, Node } from 'acorn';
import { type Problem, quote } from './problem.ts';

/** Functions that load from outside or that the sandbox turns off, and why they cannot be used. */
const CALLS: Record<string, string> = {
  fetch: 'loads from outside; put the data into the page',
  importScripts: 'loads from outside; put the code into the page',
  'navigator.sendBeacon': 'sends to the outside, which the page may not',
  open: 'opens a window, which the sandbox does not allow',
  eval: 'is blocked where the page is published',
  alert: 'shows nothing in the sandbox; show the text in the page',
  confirm: 'shows nothing in the sandbox and answers false; ask in the page',
  prompt: 'shows nothing in the sandbox and answers null; ask in the page',
};
const CONSTRUCTORS: Record<string, string> = {
  XMLHttpRequest: 'loads from outside; put the data into the page',
  WebSocket: 'connects to the outside, which the page may not',
  EventSource: 'connects to the outside, which the page may not',
  RTCPeerConnection: 'connects to the outside, which the page may not',
  Worker: 'is blocked where the page is published; do the work in the page',
  SharedWorker: 'is blocked where the page is published; do the work in the page',
  Function: 'is blocked where the page is published',
};
const STORES = new Set(['localStorage', 'sessionStorage', 'indexedDB', 'caches', 'document.cookie']);
const WINDOW = /^(window|globalThis|self|top|parent)\./;

/** What a script uses that fails where the page is published. Lines count from the script's first. */
export function scriptUse(program: Node): Problem[] {
  const declared = new Set<string>();
  const uses: (Problem & { name?: string })[] = [];
  // Not recursive: a hostile script may be nested deeply.
  const open: { node: AnyNode; guarded: boolean }[] = [{ node: program as AnyNode, guarded: false }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, guarded } = next;
    for (const name of declaredBy(node)) declared.add(name);
    for (const use of usesOf(node, guarded)) uses.push({ line: node.loc?.start.line, ...use });
    for (const key in node) {
      const value = node[key as keyof typeof node] as unknown;
      if (typeof value !== 'object' || value === null || key === 'loc') continue;
      const inTry = guarded || (node.type === 'TryStatement' && key === 'block');
      for (const child of Array.isArray(value) ? value : [value]) {
        if (isNode(child)) open.push({ node: child, guarded: inTry });
      }
    }
  }
  return uses.filter(({ name }) => name === undefined || !declared.has(name)).map(({ line, text }) => ({ line, text }));
}

const isNode = (value: unknown): value is AnyNode =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';

function declaredBy(node: AnyNode): string[] {
  switch (node.type) {
    case 'VariableDeclarator':
      return node.id.type === 'Identifier' ? [node.id.name] : [];
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
      return [node.id, ...node.params].flatMap((part) => (part?.type === 'Identifier' ? [part.name] : []));
    case 'ClassDeclaration':
      return node.id ? [node.id.name] : [];
    default:
      return [];
  }
}

type Use = { text: string; name?: string };

function usesOf(node: AnyNode, guarded: boolean): Use[] {
  switch (node.type) {
    case 'ImportExpression':
    case 'ImportDeclaration':
      return [{ text: 'import loads from outside; a page in one file can import nothing.' }];
    case 'CallExpression':
      return callUses(pathOf(node.callee), node.arguments);
    case 'NewExpression': {
      const name = pathOf(node.callee);
      const why = CONSTRUCTORS[name];
      if (why !== undefined) return [{ name, text: `new ${name}() ${why}.` }];
      return name === 'Audio' ? outsideUrl(node.arguments[0], 'new Audio()') : [];
    }
    case 'AssignmentExpression': {
      const property = pathOf(node.left).split('.').at(-1) ?? '';
      if (property === 'onsubmit') return [SUBMIT];
      return /^(src|srcset|poster)$/.test(property) ? outsideUrl(node.right, `The .${property}`) : [];
    }
    case 'MemberExpression':
      return guarded ? [] : [pathOf(node), pathOf(node.object)].flatMap(storeUses).slice(0, 1);
    default:
      return [];
  }
}

const SUBMIT: Use = {
  text: 'A form is never submitted in the sandbox, so its submit event does not come; use a button of type="button" and its click event.',
};

function callUses(path: string, [first, second]: readonly AnyNode[]): Use[] {
  const name = path.replace(WINDOW, '');
  const why = CALLS[name];
  if (why !== undefined) return [{ text: `${name}() ${why}.`, ...(name === path ? { name } : {}) }];
  const called = path.split('.').at(-1);
  if (called === 'addEventListener' && textOf(first) === 'submit') return [SUBMIT];
  if (called === 'setAttribute' && textOf(first) === 'src') return outsideUrl(second, 'The src');
  if (/^set(Timeout|Interval)$/.test(name) && textOf(first) !== null) {
    return [{ text: `${name}() with a text is blocked where the page is published; give it a function.` }];
  }
  return [];
}

function storeUses(path: string): Use[] {
  const name = path.replace(WINDOW, '');
  if (!STORES.has(name)) return [];
  return [{ text: `${name} throws in the sandbox; do without it, or use it inside try and catch.` }];
}

function outsideUrl(value: AnyNode | undefined, what: string): Use[] {
  const url = textOf(value);
  if (url === null || /^\s*(data:|blob:|#|$)/i.test(url)) return [];
  return [{ text: `${what} is ${quote(url)}, which is outside of the page; use a data: URL, or draw it.` }];
}

/** `a.b.c` for names joined by points; what cannot be read is ''. */
function pathOf(node: AnyNode): string {
  if (node.type === 'Identifier') return node.name;
  if (node.type === 'ChainExpression') return pathOf(node.expression);
  if (node.type !== 'MemberExpression') return '';
  const property = node.computed
    ? textOf(node.property)
    : node.property.type === 'Identifier'
      ? node.property.name
      : null;
  return property === null ? '' : `${pathOf(node.object)}.${property}`;
}

function textOf(node: AnyNode | undefined): string | null {
  if (node?.type === 'Literal') return typeof node.value === 'string' ? node.value : null;
  if (node?.type === 'TemplateLiteral') return node.quasis[0]?.value.cooked ?? null;
  return null;
}
