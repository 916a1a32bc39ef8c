import { selectAll } from 'css-select';
import { isTag, type AnyNode, type Document, type Element } from 'domhandler';
import { textContent } from 'domutils';
import { parseDocument } from 'htmlparser2';

import type { Capture } from '../core/capture.ts';
import { ABOUT_MESSAGES, NOT_STATED, states, type Segment, type StatementOptions } from './statement.ts';
import { fold } from './text.ts';

export type { Element } from 'domhandler';

/** Written by the snapshot in `run/` on what a person cannot see: `tree` hides the descendants too, `self` does not. */
export const HIDDEN_ATTRIBUTE = 'data-guetteur-hidden';

const UNDRAWN = new Set(['head', 'script', 'style', 'noscript', 'template', 'iframe', 'select', 'textarea']);

/** What is in these is never drawn, though it is parsed as tags here. */
const UNDRAWN_PARTS = new Set(['head', 'noscript', 'template', 'iframe']);

/** Tags that may stand inside a word. */
const INLINE = new Set(['a', 'b', 'em', 'font', 'i', 'label', 'mark', 'small', 'span', 'strong', 'sub', 'sup', 'u']);

const SENTENCE_BREAK = /[\n\r.!?]+/;

/** A capture as a reader sees it: visible words and visible elements. Words are matched folded, see `fold`. */
export class Page {
  readonly capture: Capture;
  readonly url: URL;
  readonly words: string;
  readonly titleWords: string;
  #document: Document | undefined;
  #hidden: ReadonlySet<AnyNode> | undefined;
  #segments: readonly Segment[] | undefined;

  constructor(capture: Capture) {
    this.capture = capture;
    this.url = new URL(capture.finalUrl);
    this.words = fold(capture.text);
    this.titleWords = fold(capture.title);
  }

  /** Whether the visible text holds the phrase (folded as the page is) or matches the expression (on folded text). */
  says(phrase: string | RegExp): boolean {
    return typeof phrase === 'string' ? this.words.includes(fold(phrase)) : phrase.test(this.words);
  }

  /** The line of the page, as written, that holds what matches the folded expression; null when none does. */
  quote(expression: RegExp): string | null {
    const lines = this.capture.text.split('\n').map((line) => line.trim());
    const line = lines.find((candidate) => expression.test(fold(candidate)));
    return line === undefined ? null : line.slice(0, 500);
  }

  /**
   * The block in which the page itself states what matches the folded expression, as written; null where it is only asked,
   * quoted, denied, explained, or stands in what frames the page.
   */
  stated(expression: RegExp, options: StatementOptions = {}): string | null {
    this.#segments ??= this.#statements();
    return this.#segments.find((segment) => states(segment, expression, options))?.raw.slice(0, 500) ?? null;
  }

  #statements(): readonly Segment[] {
    // A page of questions and answers states nothing of itself.
    if (ABOUT_MESSAGES.test(this.titleWords)) return [];
    if (this.capture.html === '') return this.capture.text.split('\n').map((raw) => ({ raw, words: fold(raw) }));
    return segmentsOf(this.#tree(), new Set(this.present(NOT_STATED)));
  }

  /** Folded words of the last visible heading before an element; '' when there is none. */
  headingBefore(element: Element): string {
    const order = this.present(`${HEADINGS}, ${element.name}`);
    const before = order.slice(0, order.indexOf(element)).filter((other) => /^h[1-6]$/.test(other.name));
    const heading = before.findLast((other) => !this.#isHidden(other));
    return heading === undefined ? '' : this.wordsOf(heading);
  }

  /** Visible elements that match, in document order. */
  visible(selector: string): Element[] {
    return this.present(selector).filter((element) => !this.#isHidden(element));
  }

  has(selector: string): boolean {
    return this.visible(selector).length > 0;
  }

  /** All elements that match, hidden ones too: for signatures such as a captcha's own tags before it is drawn. */
  present(selector: string): Element[] {
    return selectAll<AnyNode, Element>(selector, this.#tree().children);
  }

  /**
   * Inputs a person could choose: enabled, and visible themselves or through their label (sites restyle check boxes and
   * radios by hiding the real input).
   */
  choosable(selector: string): Element[] {
    return this.present(selector).filter((input) => {
      if (input.attribs['disabled'] !== undefined) return false;
      return !this.#isHidden(input) || this.labelsOf(input).some((label) => !this.#isHidden(label));
    });
  }

  labelsOf(input: Element): Element[] {
    const id = input.attribs['id'];
    const named = id === undefined ? [] : this.present('label').filter((label) => label.attribs['for'] === id);
    const around = ancestors(input).filter((element) => element.name === 'label');
    return [...named, ...around];
  }

  /** Visible elements of the selector whose own words (text, or value of a button) match. */
  controls(selector: string, words: RegExp): Element[] {
    return this.visible(selector).filter((element) => words.test(this.wordsOf(element)));
  }

  /** Folded visible words of one element: its text, and the value where it is a button. */
  wordsOf(element: Element): string {
    const value = element.name === 'input' ? (element.attribs['value'] ?? '') : '';
    return fold(`${visibleText(element)} ${value}`);
  }

  /** Absolute address an element points to, or null. */
  linkOf(element: Element): URL | null {
    const href = element.attribs['href'];
    return href === undefined || !URL.canParse(href, this.url) ? null : new URL(href, this.url);
  }

  /** Folded visible words of the document, without what stands inside elements of the selector. */
  wordsOutside(selector: string): string {
    const left = new Set<AnyNode>(this.present(selector));
    return fold(
      this.#tree()
        .children.map((node) => visibleText(node, left))
        .join(' '),
    );
  }

  /** Whether a heading (h1 to h3) or the title is exactly one of the phrases. */
  isHeaded(phrases: readonly string[]): boolean {
    const wanted = new Set(phrases.map(fold));
    return (
      wanted.has(this.titleWords) || this.visible('h1, h2, h3').some((heading) => wanted.has(this.wordsOf(heading)))
    );
  }

  /** Whether a heading, the title or a line of the page begins with what matches the folded expression. */
  opensWith(words: RegExp): boolean {
    const lines = [this.capture.title, ...this.capture.text.split('\n')];
    return lines.some((line) => fold(line).search(words) === 0);
  }

  /** Whether one sentence or line of the page is exactly the phrase. */
  states(phrase: string): boolean {
    const wanted = fold(phrase).replace(/[.!?]+$/, '');
    return this.capture.text.split(SENTENCE_BREAK).some((sentence) => fold(sentence) === wanted);
  }

  #isHidden(element: Element): boolean {
    this.#hidden ??= hiddenElements(this.#tree());
    return this.#hidden.has(element);
  }

  #tree(): Document {
    this.#document ??= parseDocument(this.capture.html);
    return this.#document;
  }
}

const HEADINGS = 'h1, h2, h3, h4, h5, h6';
const BREAK = '\n';
/** A sentence runs over no more lines than this. */
const LONGEST_SENTENCE_LINES = 4;

/**
 * The blocks of a page, each with what follows its line breaks as well: a sentence may run over a break or begin after one.
 * What stands below a heading of help or news is left out, up to the next heading.
 */
function segmentsOf(document: Document, left: ReadonlySet<AnyNode>): Segment[] {
  const found: Segment[] = [];
  let block = '';
  let isAboutMessages = false;
  let linksAround = 0;
  /** A block that is one link leads to what it names. */
  let isLinkAlone = true;
  const end = (isHeading: boolean): void => {
    const isLink = isLinkAlone && !isHeading;
    isLinkAlone = true;
    const lines = block.split(BREAK).map((line) => line.replace(/\s+/g, ' ').trim());
    block = '';
    const words = fold(lines.join(' '));
    if (words === '') return;
    if (isHeading) isAboutMessages = ABOUT_MESSAGES.test(words);
    if (isAboutMessages || isLink) return;
    for (const at of lines.keys()) {
      const raw = lines
        .slice(at, at + LONGEST_SENTENCE_LINES)
        .join(' ')
        .trim();
      if (raw !== '') found.push({ raw, words: fold(raw) });
    }
  };
  const pending: (AnyNode | { readonly ends: Element })[] = [...document.children].toReversed();
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if ('ends' in next) {
      if (next.ends.name === 'a') linksAround -= 1;
      else end(/^h[1-6]$/.test(next.ends.name));
    } else if (!isTag(next)) {
      const written = textContent(next).replace(/\n/g, ' ');
      if (linksAround === 0 && written.trim() !== '') isLinkAlone = false;
      block += written;
    } else if (next.name === 'br') block += BREAK;
    else {
      const parts = INLINE.has(next.name)
        ? drawnParts(next, left)
        : drawnParts(next, left).filter((part) => part !== ' ');
      const nodes = parts.filter((part) => typeof part !== 'string');
      if (next.name === 'a') {
        linksAround += 1;
        pending.push({ ends: next });
      } else if (!INLINE.has(next.name)) {
        end(false);
        pending.push({ ends: next });
      }
      pending.push(...nodes.toReversed());
    }
  }
  end(false);
  return found;
}

export function ancestors(element: Element): Element[] {
  const found: Element[] = [];
  for (let node = element.parent; node !== null; node = node.parent) {
    if (isTag(node)) found.push(node);
  }
  return found;
}

/**
 * What a person can read of a node: without what is hidden or never drawn, with a space where a tag stands. In one walk, as
 * below: a page may nest thousands deep.
 */
function visibleText(root: AnyNode, left: ReadonlySet<AnyNode> = new Set()): string {
  const pieces: string[] = [];
  const pending: (AnyNode | string)[] = [root];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (typeof next === 'string') pieces.push(next);
    else if (!isTag(next)) pieces.push(textContent(next));
    else pending.push(...drawnParts(next, left).toReversed());
  }
  return pieces.join('');
}

function drawnParts(element: Element, left: ReadonlySet<AnyNode>): (AnyNode | string)[] {
  const hidden = element.attribs[HIDDEN_ATTRIBUTE];
  if (left.has(element) || hidden === 'tree' || UNDRAWN.has(element.name)) return [' '];
  const children = hidden === 'self' ? element.children.filter(isTag) : element.children;
  return INLINE.has(element.name) ? children : [' ', ...children, ' '];
}

/** Every element that a person could not see, found in one walk: a page may nest thousands deep. */
function hiddenElements(document: Document): ReadonlySet<AnyNode> {
  const hidden = new Set<AnyNode>();
  const pending: { node: AnyNode; within: boolean }[] = document.children.map((node) => ({ node, within: false }));
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { node, within } = next;
    if (!isTag(node)) continue;
    const mark = node.attribs[HIDDEN_ATTRIBUTE];
    if (within || mark !== undefined) hidden.add(node);
    const hidesChildren = within || mark === 'tree' || UNDRAWN_PARTS.has(node.name);
    for (const child of node.children) pending.push({ node: child, within: hidesChildren });
  }
  return hidden;
}
