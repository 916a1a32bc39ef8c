/** What of a page a person cannot see. Built inside the page by `judgeSight`. */
export interface Sight {
  /** `tree`: nothing below can be seen or is meant; `self`: own words and box cannot, a child may. Absent: seen. */
  readonly hidden: ReadonlyMap<Element, 'tree' | 'self'>;
  /** Text nodes that are not painted, or are painted so that nobody can read them. */
  readonly unseen: ReadonlySet<Node>;
}

/**
 * Runs inside the page. Looks at every word and every control where it is painted: what the styles say of it, what is left of
 * it after its ancestors have clipped it, what lies over it, and whether its colour differs from what lies under it. The
 * browser's own hit test gives the order of painting, so the window is scrolled and put back within one task: no frame is
 * drawn in between and no observer runs.
 *
 * Words that are struck out count as unseen: a page says by them that they no longer hold.
 *
 * Must stand alone: its source text is sent to the page.
 */
// oxlint-disable-next-line max-lines-per-function -- sent to the page as one text, it cannot call anything outside itself
export function judgeSight(limit: number): Sight {
  interface Box {
    readonly left: number;
    readonly top: number;
    readonly right: number;
    readonly bottom: number;
  }
  /** How far what stands in the flow, is placed absolutely, or is fixed may be painted; and what a scroller shows now. */
  interface Room {
    readonly flow: Box;
    readonly absolute: Box;
    readonly fixed: Box;
    readonly scroller: Box;
    readonly isFixed: boolean;
    readonly opacity: number;
  }
  interface Point {
    readonly x: number;
    readonly y: number;
    readonly isFixed: boolean;
  }
  /** A text node or control to be tested where it is painted. */
  interface Mark {
    readonly node: Node;
    readonly element: Element;
    readonly opacity: number;
    readonly points: Point[];
    isSeen: boolean;
  }

  const SMALLEST_LETTERS_PX = 5;
  const LEAST_ALPHA = 0.1;
  const LEAST_CONTRAST = 10;
  const OPAQUE = 0.9;
  const EVERYWHERE: Box = { left: -Infinity, top: -Infinity, right: Infinity, bottom: Infinity };
  const RAW = new Set(['head', 'script', 'style', 'noscript', 'template', 'iframe']);
  const STRUCK = new Set(['s', 'del', 'strike']);
  const CONTROL = /^(?:a|button|input|select|textarea|summary|label|img)$/;
  const CONTROL_ROLE = /^(?:button|link|radio|checkbox|tab|option|menuitem)$/;
  /** Asked of every new visitor and closed by a press: what lies under it is there for a person. */
  const CONSENT = /cookie|consent|tarteaucitron|axeptio|didomi|orejime|klaro/i;
  const NOTHING_LEFT =
    /^(?:inset\((?:[^)]* )?100%|inset\(50%\)|circle\(0|ellipse\(0|polygon\((?:0(?:px|%)? 0(?:px|%)?(?:, )?)+\))/;

  // A form's field named `attributes` or `childNodes` stands in the way of the form's own: the prototypes are asked.
  const childNodesOf = (node: Node): NodeListOf<ChildNode> => Reflect.get(Node.prototype, 'childNodes', node);
  const parentOf = (node: Node): Element | null => Reflect.get(Node.prototype, 'parentElement', node);
  const nameOf = (element: Element): string => Reflect.get(Element.prototype, 'localName', element);
  const shadowOf = (element: Element): ShadowRoot | null => Reflect.get(Element.prototype, 'shadowRoot', element);
  const attributeOf = (element: Element, name: string): string =>
    Element.prototype.getAttribute.call(element, name) ?? '';
  const boxOf = (element: Element): DOMRect => Element.prototype.getBoundingClientRect.call(element);
  const boxesOf = (element: Element): DOMRectList => Element.prototype.getClientRects.call(element);
  const isRendered = (element: Element): boolean => Element.prototype.checkVisibility.call(element);
  const isWithin = (outer: Node, inner: Node): boolean => Node.prototype.contains.call(outer, inner);
  const isBlank = (node: Node): boolean => (node.nodeValue ?? '').trim() === '';

  const start = { x: window.scrollX, y: window.scrollY };
  const hidden = new Map<Element, 'tree' | 'self'>();
  const unseen = new Set<Node>();
  const marks: Mark[] = [];
  const styles = new Map<Element, CSSStyleDeclaration>();
  const styleOf = (element: Element): CSSStyleDeclaration => {
    const known = styles.get(element) ?? getComputedStyle(element);
    styles.set(element, known);
    return known;
  };

  const meet = (a: Box, b: Box): Box => ({
    left: Math.max(a.left, b.left),
    top: Math.max(a.top, b.top),
    right: Math.min(a.right, b.right),
    bottom: Math.min(a.bottom, b.bottom),
  });
  const inDocument = (box: DOMRect): Box => ({
    left: box.left + window.scrollX,
    top: box.top + window.scrollY,
    right: box.right + window.scrollX,
    bottom: box.bottom + window.scrollY,
  });

  /** Why nothing below an element can be seen, by its own style and place. */
  const isGone = (element: Element, style: CSSStyleDeclaration): boolean => {
    if (style.display === 'none' || Number(style.opacity) < 0.05) return true;
    if (!isRendered(element) && style.display !== 'contents') return true;
    if (style.contentVisibility === 'hidden' || NOTHING_LEFT.test(style.clipPath)) return true;
    if (/opacity\(0(?:%|\))|blur\((?:[3-9]|\d{2,})/.test(style.filter)) return true;
    if (style.maskImage !== 'none' && style.maskImage !== '') return true;
    if (STRUCK.has(nameOf(element)) || style.textDecorationLine.includes('line-through')) return true;
    const box = boxOf(element);
    if (style.transform !== 'none' && (box.width < 1 || box.height < 1)) return true;
    const isPlaced = style.position === 'absolute' || style.position === 'fixed';
    // Old, and still how half of the sites hide the words they keep for screen readers.
    // oxlint-disable-next-line typescript/no-deprecated
    return isPlaced && /^rect\(0px,? 0px,? 0px,? 0px\)$/.test(style.clip);
  };

  const isRoot = (element: Element): boolean => element === document.documentElement || element === document.body;

  const roomOf = ({ position }: CSSStyleDeclaration, room: Room): Box =>
    position === 'fixed' ? room.fixed : position === 'absolute' ? room.absolute : room.flow;

  /** The room that an element leaves to what is in it. */
  const roomIn = (element: Element, style: CSSStyleDeclaration, room: Room): Room => {
    const isFixed = room.isFixed || style.position === 'fixed' || style.position === 'sticky';
    const opacity = room.opacity * Number(style.opacity);
    if (style.display === 'contents') return { ...room, isFixed, opacity };
    const isTransformed = style.transform !== 'none' || style.filter !== 'none' || style.perspective !== 'none';
    const holds = style.position !== 'static' || isTransformed;
    const flow = clippedBy(element, style, roomOf(style, room));
    const scroller =
      scrolls(style) && !isRoot(element) ? meet(room.scroller, inDocument(boxOf(element))) : room.scroller;
    return {
      flow,
      absolute: holds ? flow : room.absolute,
      fixed: isTransformed ? flow : room.fixed,
      scroller,
      isFixed,
      opacity,
    };
  };

  /** A person can scroll it; a carousel that snaps, or hides its bar, shows one page at a time. */
  const scrolls = ({ overflowX, overflowY, scrollSnapType, scrollbarWidth }: CSSStyleDeclaration): boolean =>
    /auto|scroll/.test(`${overflowX} ${overflowY}`) && scrollSnapType === 'none' && scrollbarWidth !== 'none';

  const clippedBy = (element: Element, style: CSSStyleDeclaration, own: Box): Box => {
    if (isRoot(element) || /^(?:inline|contents)$/.test(style.display)) return own;
    const clips = (overflow: string): boolean =>
      /hidden|clip/.test(overflow) || (/auto|scroll/.test(overflow) && !scrolls(style));
    const box = inDocument(boxOf(element));
    const across = clips(style.overflowX) ? { left: box.left, right: box.right } : {};
    const down = clips(style.overflowY) ? { top: box.top, bottom: box.bottom } : {};
    return meet(own, { ...EVERYWHERE, ...across, ...down });
  };

  /** The middle of what is left of each box, as far as something readable is left. */
  const pointsOf = (boxes: Iterable<DOMRect>, room: Room, least: number): Point[] => {
    const found: Point[] = [];
    for (const rect of boxes) {
      const whole = inDocument(rect);
      const left = meet(meet(whole, room.flow), { ...EVERYWHERE, left: 0, top: 0 });
      const width = left.right - left.left;
      const height = left.bottom - left.top;
      const isWide = width >= Math.min(rect.width / 2, 60) && width > 0;
      const isHigh = height >= least && height >= rect.height / 2;
      if (!isWide || !isHigh || rect.width <= 0 || rect.height <= 0) continue;
      found.push({ x: (left.left + left.right) / 2, y: (left.top + left.bottom) / 2, isFixed: room.isFixed });
      if (found.length >= 3) break;
    }
    return found;
  };

  const isScrolledAway = ({ x, y }: Point, { scroller }: Room): boolean =>
    x < scroller.left || x > scroller.right || y < scroller.top || y > scroller.bottom;

  const addMark = (node: Node, element: Element, room: Room, boxes: Iterable<DOMRect>): void => {
    const points = pointsOf(boxes, room, node === element ? 1 : SMALLEST_LETTERS_PX);
    const reachable = points.filter((point) => !isScrolledAway(point, room));
    // What a person can scroll into view is not painted now: nothing more can be asked of it.
    const isSeen = points.length > 0 && reachable.length === 0;
    marks.push({ node, element, opacity: room.opacity, points: isSeen ? [] : reachable, isSeen });
  };

  const addText = (node: Node, element: Element, room: Room): void => {
    if (isBlank(node)) return;
    if (styleOf(element).visibility !== 'visible') {
      unseen.add(node);
      return;
    }
    const range = document.createRange();
    range.selectNodeContents(node);
    addMark(node, element, room, range.getClientRects());
  };

  let elements = 0;
  const walk = (element: Element, room: Room): void => {
    elements += 1;
    const name = nameOf(element);
    if (elements > limit || RAW.has(name)) return;
    const style = styleOf(element);
    if (isGone(element, style)) {
      hidden.set(element, 'tree');
      return;
    }
    const inside = roomIn(element, style, room);
    if (CONTROL.test(name) || CONTROL_ROLE.test(attributeOf(element, 'role')))
      addMark(element, element, { ...inside, flow: roomOf(style, room), scroller: room.scroller }, boxesOf(element));
    if (style.visibility !== 'visible') hidden.set(element, 'self');
    // A drawing is one picture: its parts are no words and no links.
    if (element instanceof SVGElement) {
      for (const part of childNodesOf(element)) if (part instanceof Element) hidden.set(part, 'tree');
      return;
    }
    const isClosedDetail = element instanceof HTMLDetailsElement && !element.open;
    if (element instanceof HTMLSelectElement) return;
    for (const child of [...(shadowOf(element)?.childNodes ?? []), ...childNodesOf(element)]) {
      if (child instanceof Element) walk(child, inside);
      else if (child.nodeType !== Node.TEXT_NODE) continue;
      else if (isClosedDetail) unseen.add(child);
      else addText(child, element, inside);
    }
  };

  const colours = new Map<string, readonly [number, number, number, number]>();
  const paint = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
  /** Red, green, blue (0 to 255) and alpha (0 to 1) of a colour in any notation. */
  const colourOf = (text: string): readonly [number, number, number, number] => {
    const known = colours.get(text);
    if (known !== undefined) return known;
    const plain = /^rgba?\((\d+), (\d+), (\d+)(?:, ([\d.]+))?\)$/.exec(text);
    let colour: readonly [number, number, number, number] = [
      Number(plain?.[1] ?? 0),
      Number(plain?.[2] ?? 0),
      Number(plain?.[3] ?? 0),
      Number(plain?.[4] ?? 1),
    ];
    if (plain === null && paint !== null) {
      paint.clearRect(0, 0, 1, 1);
      paint.fillStyle = text;
      paint.fillRect(0, 0, 1, 1);
      const [red = 0, green = 0, blue = 0, alpha = 255] = paint.getImageData(0, 0, 1, 1).data;
      colour = [red, green, blue, alpha / 255];
    }
    colours.set(text, colour);
    return colour;
  };

  const isPicture = (element: Element): boolean =>
    (element instanceof HTMLImageElement && element.naturalWidth > 2) ||
    element instanceof HTMLCanvasElement ||
    element instanceof HTMLVideoElement;

  const opacityOf = (element: Element): number => {
    let product = 1;
    for (let at: Element | null = element; at !== null; at = parentOf(at)) product *= Number(styleOf(at).opacity);
    return product;
  };

  const isScrollable = (document.scrollingElement?.scrollHeight ?? 0) > window.innerHeight;

  /** What lies over something hides it when it lets nothing through and cannot be scrolled away or closed. */
  const covers = (element: Element, left: number, top: number): boolean => {
    const style = styleOf(element);
    const box = boxOf(element);
    // The backdrop of a dialog is hit as the dialog.
    if (left < box.left || left > box.right || top < box.top || top > box.bottom) return false;
    const isSolid =
      colourOf(style.backgroundColor)[3] >= OPAQUE ||
      style.backgroundImage !== 'none' ||
      isPicture(element) ||
      /blur\((?:[4-9]|\d{2,})/.test(style.backdropFilter);
    if (!isSolid || opacityOf(element) < OPAQUE) return false;
    for (let at: Element | null = element; at !== null; at = parentOf(at)) {
      if (CONSENT.test(`${attributeOf(at, 'id')} ${attributeOf(at, 'class')}`)) return false;
      const isBar = /fixed|sticky/.test(styleOf(at).position) && boxOf(at).height < window.innerHeight * 0.6;
      if (isBar && isScrollable) return false;
    }
    return true;
  };

  /** Whether words differ from what lies under them; true where a picture makes that unknown. */
  const standsOut = ({ element, opacity }: Mark, under: readonly Element[]): boolean => {
    const style = styleOf(element);
    if (/text/.test(style.backgroundClip) || style.textShadow !== 'none') return true;
    const [red, green, blue, own] = colourOf(style.webkitTextFillColor || style.color);
    const alpha = own * opacity;
    if (alpha < LEAST_ALPHA) return false;
    let ground = [255, 255, 255];
    for (const layer of [...under].toReversed()) {
      const { backgroundColor, backgroundImage } = styleOf(layer);
      if (backgroundImage !== 'none' || isPicture(layer)) return true;
      const [r, g, b, a] = colourOf(backgroundColor);
      ground = [r, g, b].map((value, at) => value * a + (ground[at] ?? 255) * (1 - a));
    }
    const contrast = [red, green, blue].map((value, at) => Math.abs(value - (ground[at] ?? 255)) * alpha);
    return Math.max(...contrast) >= LEAST_CONTRAST;
  };

  /** The element that stands for it in the document: of a shadow tree, its outermost host. */
  const inLight = (element: Element): Element => {
    let at = element;
    for (let root = at.getRootNode(); root instanceof ShadowRoot; root = at.getRootNode()) at = root.host;
    return at;
  };

  const modal = document.querySelector('dialog:modal');
  const isInert = (element: Element): boolean =>
    ancestorsOf(element).some((at) => at.hasAttribute('inert')) || (modal !== null && !isWithin(modal, element));

  const ancestorsOf = (element: Element): Element[] => {
    const found: Element[] = [];
    for (let at: Element | null = element; at !== null; at = parentOf(at)) found.push(at);
    return found;
  };

  const isPaintedAt = (mark: Mark, { x, y }: Point): boolean => {
    const left = x - window.scrollX;
    const top = y - window.scrollY;
    if (left < 0 || top < 0 || left >= window.innerWidth || top >= window.innerHeight) return false;
    const stack = document.elementsFromPoint(left, top);
    const target = inLight(mark.element);
    const at = stack.findIndex((element) => element === target || isWithin(target, element));
    const isText = mark.node !== mark.element;
    if (at === -1) {
      // Nothing is hit through `inert` and `pointer-events: none`; what lies over those comes later in the document.
      const isUnhittable = styleOf(target).pointerEvents === 'none' || isInert(target);
      const over = stack.filter(
        (element) =>
          !isWithin(element, target) &&
          (target.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0,
      );
      return (
        isUnhittable &&
        !over.some((element) => covers(element, left, top)) &&
        (!isText || standsOut(mark, ancestorsOf(target)))
      );
    }
    if (stack.slice(0, at).some((element) => covers(element, left, top)) || isUnderGhost(target, left, top))
      return false;
    return !isText || standsOut(mark, stack.slice(at));
  };

  /** The z-index by which an element's outermost layer is painted; 0 without one. */
  const levelOf = (element: Element): number => {
    const layers = ancestorsOf(element).map(styleOf);
    const outermost = layers.findLast(({ position, zIndex }) => position !== 'static' && zIndex !== 'auto');
    return Number(outermost?.zIndex ?? 0);
  };

  /** Solid parts that the hit test passes through. */
  const ghosts: Element[] = [];
  const isUnderGhost = (target: Element, left: number, top: number): boolean =>
    ghosts.some((ghost) => {
      const isLater = (target.compareDocumentPosition(ghost) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0;
      const above = levelOf(ghost) - levelOf(target);
      const isRaised = above > 0 || (above === 0 && isLater);
      return isRaised && !isWithin(ghost, target) && !isWithin(target, ghost) && covers(ghost, left, top);
    });

  const root = document.documentElement;
  if (root === null) return { hidden, unseen };
  const everywhere = { flow: EVERYWHERE, absolute: EVERYWHERE, fixed: EVERYWHERE, scroller: EVERYWHERE };
  walk(root, { ...everywhere, isFixed: false, opacity: 1 });
  for (const [element, style] of styles) {
    if (style.pointerEvents === 'none' && style.position !== 'static' && !hidden.has(element)) ghosts.push(element);
  }

  const isInWindow = ({ x, y }: Point): boolean =>
    x >= start.x && y >= start.y && x < start.x + window.innerWidth && y < start.y + window.innerHeight;
  const isShut = (element: Element | null): boolean =>
    element !== null && /hidden|clip/.test(styleOf(element).overflowX);
  const goesAcross = !isShut(root) && !isShut(document.body);
  const later: { readonly mark: Mark; readonly point: Point }[] = [];
  for (const mark of marks) {
    for (const point of mark.points) {
      if (mark.isSeen) break;
      if (point.isFixed || isInWindow(point)) mark.isSeen = isPaintedAt(mark, point);
      else later.push({ mark, point });
    }
  }
  later.sort((a, b) => a.point.y - b.point.y || a.point.x - b.point.x);
  for (const { mark, point } of later) {
    if (mark.isSeen) continue;
    const { scrollX: left, scrollY: top, innerWidth: width, innerHeight: height } = window;
    const isShown = point.x >= left && point.x < left + width && point.y >= top && point.y < top + height;
    if (!isShown) {
      const across = point.x < width || !goesAcross ? 0 : point.x - width / 2;
      window.scrollTo({ left: across, top: Math.max(0, point.y - 40), behavior: 'instant' });
    }
    mark.isSeen = isPaintedAt(mark, point);
  }
  if (window.scrollX !== start.x || window.scrollY !== start.y)
    window.scrollTo({ left: start.x, top: start.y, behavior: 'instant' });

  const words = marks.filter(({ node, element }) => node !== element);
  const seenWords = words.filter(({ isSeen }) => isSeen);
  for (const { node, isSeen } of words) if (!isSeen) unseen.add(node);
  const withSeenWords = new Set(seenWords.flatMap(({ element }) => ancestorsOf(element)));
  const seenPictures = marks.filter(
    ({ node, isSeen }) => isSeen && nameOf(node instanceof Element ? node : root) === 'img',
  );
  const withPictures = new Set(seenPictures.flatMap(({ element }) => ancestorsOf(element)));
  const withWords = new Set(words.flatMap(({ element }) => ancestorsOf(element)));
  for (const { element } of words) {
    const own = [...childNodesOf(element)].filter((child) => child.nodeType === Node.TEXT_NODE && !isBlank(child));
    if (own.length > 0 && own.every((child) => unseen.has(child)) && !hidden.has(element)) hidden.set(element, 'self');
  }
  for (const { node, element, isSeen } of marks) {
    if (node !== element || hidden.has(element)) continue;
    const hasContent = withSeenWords.has(element) || withPictures.has(element);
    // A control all of whose words are out of sight has nothing to press, whatever its box.
    const hasLostWords = /^(?:a|button|label)$/.test(nameOf(element)) && withWords.has(element);
    const isDrawn = !hasLostWords || element.querySelector('svg, input, canvas, video') !== null;
    if (!hasContent && !(isSeen && isDrawn)) hidden.set(element, 'self');
  }
  return { hidden, unseen };
}
