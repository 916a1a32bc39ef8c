import { z } from 'zod';

import { HIDDEN_ATTRIBUTE } from '../../read/page.ts';
import { judgeSight, type Sight } from './sight.ts';

/** Largest HTML or text kept of a page, in UTF-16 units: 5 MB. */
const MAX_PAGE_CHARACTERS = 5_000_000;

/** More elements than any page of use has: the rest is left out, so that reading a page is bounded. */
const MAX_ELEMENTS = 30_000;

export const snapshotShape = z.object({
  url: z.string(),
  title: z.string(),
  html: z.string(),
  text: z.string(),
  truncated: z.boolean(),
  /** Something of the page may still change it: a script, a refresh. */
  active: z.boolean(),
  /** Of the whole page, in CSS pixels. */
  width: z.number(),
  height: z.number(),
});

export type Snapshot = z.output<typeof snapshotShape>;

interface SnapshotOptions {
  readonly attribute: string;
  readonly limit: number;
  readonly elements: number;
}

/**
 * Runs inside the page: serialises the rendered document with a mark on what a person cannot see, and collects the words
 * that a person can read. Nothing of the page is changed: the marks are written while serialising. `innerText` is not
 * used: it keeps words that are transparent, clipped away, covered or outside the screen.
 *
 * Must stand alone: its source text is sent to the page.
 */
// oxlint-disable-next-line max-lines-per-function -- sent to the page as one text, it cannot call anything outside itself
function takeSnapshot(options: SnapshotOptions, sight: Sight): Snapshot {
  const VOID = new Set('area base br col embed hr img input link meta param source track wbr'.split(' '));
  const RAW = new Set(['script', 'style', 'noscript', 'template', 'iframe']);
  const html: string[] = [];
  const lines: string[] = [];
  let line = '';
  let size = 0;
  let elements = 0;
  let truncated = false;

  const escape = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
  const write = (piece: string): void => {
    if (size + piece.length > options.limit) truncated = true;
    if (truncated) return;
    size += piece.length;
    html.push(piece);
  };
  const breakLine = (): void => {
    const clean = line.replace(/[ \t\n\r\f]+/g, ' ').trim();
    if (clean !== '') lines.push(clean);
    line = '';
  };

  // A form's field named `attributes` or `childNodes` stands in the way of the form's own: the prototypes are asked.
  const childNodesOf = (node: Node): NodeListOf<ChildNode> => Reflect.get(Node.prototype, 'childNodes', node);
  const attributesIn = (element: Element): NamedNodeMap => Reflect.get(Element.prototype, 'attributes', element);
  const nameOf = (element: Element): string => Reflect.get(Element.prototype, 'localName', element);
  const shadowOf = (element: Element): ShadowRoot | null => Reflect.get(Element.prototype, 'shadowRoot', element);
  const typeOf = (node: Node): number => Reflect.get(Node.prototype, 'nodeType', node);
  const attributesOf = (element: Element): string => {
    let text = '';
    for (const { name, value } of attributesIn(element)) {
      if (name !== options.attribute) text += ` ${name}="${escape(value).replace(/"/g, '&quot;')}"`;
    }
    const isTicked = element instanceof HTMLInputElement && element.checked && !element.hasAttribute('checked');
    return isTicked ? `${text} checked=""` : text;
  };

  const walk = (node: Node, seen: boolean): void => {
    if (typeOf(node) === Node.TEXT_NODE) {
      const parent = node.parentElement;
      write(parent !== null && RAW.has(nameOf(parent)) ? (node.nodeValue ?? '') : escape(node.nodeValue ?? ''));
      if (seen && !sight.unseen.has(node)) line += node.nodeValue ?? '';
      return;
    }
    if (!(node instanceof Element)) return;
    walkElement(node, seen);
  };

  const walkElement = (element: Element, seen: boolean): void => {
    elements += 1;
    if (elements > options.elements) truncated = true;
    if (truncated) return;
    const name = nameOf(element);
    const isPart = !RAW.has(name) && name !== 'head' && !(element instanceof SVGElement);
    const style = seen && isPart ? getComputedStyle(element) : null;
    const hidden = sight.hidden.get(element) ?? '';
    write(`<${name}${attributesOf(element)}${hidden === '' ? '' : ` ${options.attribute}="${hidden}"`}>`);
    if (VOID.has(name)) {
      if (name === 'br' && seen) breakLine();
      const value =
        element instanceof HTMLInputElement && /^(?:submit|button|reset)$/.test(element.type) ? element.value : '';
      if (seen && hidden === '' && value !== '') line += ` ${value} `;
      return;
    }
    const isBlock = style !== null && !/^(?:inline|contents|ruby)/.test(style.display);
    const isCell = style !== null && (style.display === 'table-cell' || style.display.startsWith('inline-'));
    if (isBlock && !isCell) breakLine();
    if (isCell) line += ' ';
    const showsChildren = style !== null && hidden !== 'tree';
    const isClosedSelect = element instanceof HTMLSelectElement;
    for (const child of childrenOf(element)) walk(child, showsChildren && !isClosedSelect);
    if (isClosedSelect && showsChildren && hidden === '') line += ` ${element.selectedOptions[0]?.text ?? ''} `;
    if (isBlock && !isCell) breakLine();
    if (isCell) line += ' ';
    write(`</${name}>`);
  };

  const childrenOf = (element: Element): Iterable<Node> => {
    if (element instanceof HTMLTemplateElement) return element.content.childNodes;
    const shadow = shadowOf(element);
    return shadow === null ? childNodesOf(element) : [...shadow.childNodes, ...childNodesOf(element)];
  };

  /** An animation that ends: what it moves or fades in is not there yet. */
  const isPassing = ({ playState, effect }: Animation): boolean =>
    playState === 'running' && Number.isFinite(Number(effect?.getComputedTiming().endTime));

  const root = document.documentElement;
  if (root !== null) walkElement(root, true);
  breakLine();
  const text = lines.join('\n');
  return {
    url: location.href,
    title: document.title,
    html: `<!doctype html>${html.join('')}`,
    text: text.slice(0, options.limit),
    truncated: truncated || text.length > options.limit,
    active:
      document.readyState !== 'complete' ||
      document.getAnimations().some(isPassing) ||
      document.querySelector('script:not([type="application/ld+json"]), meta[http-equiv="refresh" i], iframe') !== null,
    width: Math.max(root?.scrollWidth ?? 0, root?.clientWidth ?? 0),
    height: Math.max(root?.scrollHeight ?? 0, root?.clientHeight ?? 0),
  };
}

export const SNAPSHOT_OPTIONS: SnapshotOptions = {
  attribute: HIDDEN_ATTRIBUTE,
  limit: MAX_PAGE_CHARACTERS,
  elements: MAX_ELEMENTS,
};

/** What the page is asked to run: the snapshot, with what can be seen of it judged at the same instant. */
export const SNAPSHOT_SOURCE = `function (options) {
  return (${String(takeSnapshot)})(options, (${String(judgeSight)})(options.elements));
}`;
