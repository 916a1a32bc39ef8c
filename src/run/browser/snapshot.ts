import { z } from 'zod';

import { HIDDEN_ATTRIBUTE } from '../../read/page.ts';

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
  /** Of the whole page, in CSS pixels. */
  width: z.number(),
  height: z.number(),
});

export type Snapshot = z.output<typeof snapshotShape>;

/**
 * Runs inside the page: serialises the rendered document with a mark on what a person cannot see, and collects the words
 * that a person can read. Nothing of the page is changed: the marks are written while serialising. `innerText` is not
 * used: it keeps words that are transparent, clipped away or outside the screen.
 *
 * Must stand alone: Playwright sends its source text to the page.
 */
// oxlint-disable-next-line max-lines-per-function -- sent to the page as one text, it cannot call anything outside itself
export function takeSnapshot(options: { attribute: string; limit: number; elements: number }): Snapshot {
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
  const boxOf = (element: Element): DOMRect => Element.prototype.getBoundingClientRect.call(element);
  const isRendered = (element: Element): boolean => Element.prototype.checkVisibility.call(element);

  const isInvisibleColour = (colour: string): boolean => /^(?:transparent|rgba\(.*, 0\))$/.test(colour);
  const NOTHING_LEFT =
    /^(?:inset\((?:[^)]* )?100%|inset\(50%\)|circle\(0|ellipse\(0|polygon\((?:0(?:px|%)? 0(?:px|%)?(?:, )?)+\))/;

  /** `tree`: nothing below can be seen; `self`: a child may still be made visible. */
  const hiding = (element: Element, style: CSSStyleDeclaration): '' | 'tree' | 'self' => {
    if (style.display === 'none' || Number(style.opacity) < 0.05) return 'tree';
    if (!isRendered(element) && style.display !== 'contents') return 'tree';
    if (style.contentVisibility === 'hidden' || /opacity\(0(?:%|\))/.test(style.filter)) return 'tree';
    if (NOTHING_LEFT.test(style.clipPath)) return 'tree';
    const box = boxOf(element);
    const isPlaced = style.position === 'absolute' || style.position === 'fixed';
    const right = box.right + window.scrollX;
    const bottom = box.bottom + window.scrollY;
    if (isPlaced && box.width > 0 && (right <= 0 || bottom <= 0)) return 'tree';
    const isOutside =
      box.left >= window.innerWidth || box.top >= window.innerHeight || box.right <= 0 || box.bottom <= 0;
    if (style.position === 'fixed' && box.width > 0 && isOutside) return 'tree';
    if (style.transform !== 'none' && (box.width < 1 || box.height < 1)) return 'tree';
    // Old, and still how half of the sites hide the words they keep for screen readers.
    // oxlint-disable-next-line typescript/no-deprecated
    const clips = style.overflowX !== 'visible' || style.clip !== 'auto' || style.clipPath !== 'none';
    if (clips && (box.width <= 1 || box.height <= 1) && element !== document.body) return 'tree';
    // oxlint-disable-next-line typescript/no-deprecated
    if (isPlaced && /^rect\(0px,? 0px,? 0px,? 0px\)$/.test(style.clip)) return 'tree';
    if (box.width > 0 && (right <= 0 || bottom <= 0)) return 'self';
    const colour = style.webkitTextFillColor || style.color;
    const isUncoloured = isInvisibleColour(colour) && !/text/.test(style.backgroundClip);
    const isSameColour = colour === style.backgroundColor && !isInvisibleColour(colour);
    if (isUncoloured || isSameColour) return 'self';
    return style.visibility === 'visible' && !isEmptied(element) ? '' : 'self';
  };

  /** A control whose words are all indented away, of no size, or out of the page: there is nothing to press. */
  const isEmptied = (element: Element): boolean => {
    if (!/^(?:a|button|label)$/.test(nameOf(element)) || (element.textContent ?? '').trim() === '') return false;
    if (element.querySelector('img, svg, input, canvas, video, picture') !== null) return false;
    const range = document.createRange();
    range.selectNodeContents(element);
    const boxes = [...range.getClientRects()];
    return !boxes.some((box) => box.width > 0 && box.height > 0 && box.right + window.scrollX > 0);
  };

  const attributesOf = (element: Element): string => {
    let text = '';
    for (const { name, value } of attributesIn(element)) {
      if (name !== options.attribute) text += ` ${name}="${escape(value).replace(/"/g, '&quot;')}"`;
    }
    const isTicked = element instanceof HTMLInputElement && element.checked && !element.hasAttribute('checked');
    return isTicked ? `${text} checked=""` : text;
  };

  /** Words in a closed part, of no height, or indented out of the screen are not drawn, though their element may be. */
  const isDrawn = (words: Node): boolean => {
    if ((words.nodeValue ?? '').trim() === '') return true;
    const range = document.createRange();
    range.selectNodeContents(words);
    const boxes = [...range.getClientRects()];
    return boxes.some((box) => box.width > 0 && box.height > 0 && box.right + window.scrollX > 0);
  };

  const walk = (node: Node, seen: boolean): void => {
    if (typeOf(node) === Node.TEXT_NODE) {
      const parent = node.parentElement;
      write(parent !== null && RAW.has(nameOf(parent)) ? (node.nodeValue ?? '') : escape(node.nodeValue ?? ''));
      if (seen && isDrawn(node)) line += node.nodeValue ?? '';
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
    const hidden = style === null ? '' : hiding(element, style);
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
    const isClosedDetail = element instanceof HTMLDetailsElement && !element.open;
    for (const child of childrenOf(element)) {
      const ownText = typeOf(child) === Node.TEXT_NODE && (hidden === 'self' || isClosedDetail);
      walk(child, showsChildren && !ownText && !isClosedSelect);
    }
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
    width: Math.max(root?.scrollWidth ?? 0, root?.clientWidth ?? 0),
    height: Math.max(root?.scrollHeight ?? 0, root?.clientHeight ?? 0),
  };
}

export const SNAPSHOT_OPTIONS = { attribute: HIDDEN_ATTRIBUTE, limit: MAX_PAGE_CHARACTERS, elements: MAX_ELEMENTS };
