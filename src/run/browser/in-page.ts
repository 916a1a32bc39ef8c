/** Said on the page's console by `preparePage`. */
export const WORKER_REFUSED = 'guetteur: worker refused';

/** What runs inside a page. Each function is sent there as its source text and must stand alone. */

/**
 * Runs inside every page first. Takes speculation rules away as they come in, before the browser acts on them. Refuses
 * workers, as a worker whose script does not load is refused: a socket opened in one would pass every filter. Keeps the mouse.
 */
export function preparePage(): void {
  const refused = class extends EventTarget {
    onerror: ((event: Event) => void) | null = null;
    constructor() {
      super();
      // Heard by the tab, which notes the refusal.
      console.error('guetteur: worker refused');
      setTimeout(() => {
        const event = new Event('error');
        this.onerror?.(event);
        this.dispatchEvent(event);
      });
    }
    postMessage(): void {}
    terminate(): void {}
  };
  Object.defineProperty(window, 'Worker', { value: refused, configurable: true, writable: true });
  // Chromium gives the mouse to a page that asks for it: no press of a person would reach the page any more.
  const keeps = (): Promise<never> => Promise.reject(new DOMException('not given', 'NotSupportedError'));
  Object.defineProperty(Element.prototype, 'requestPointerLock', { value: keeps, configurable: true, writable: true });
  const observer = new MutationObserver((records) => {
    for (const node of records.flatMap((record) => [...record.addedNodes])) {
      if (node instanceof HTMLScriptElement && node.type === 'speculationrules') node.remove();
    }
  });
  observer.observe(document, { childList: true, subtree: true });
}

/**
 * Runs inside the page. A new window would be refused: the link or form is followed where it stands. A button that sends the
 * fields of a form by GET is left alone (conduct C1): the filter sees addresses, and those fields would be one. False then.
 */
export function clickInPlace(element: Element): boolean {
  const button = element.closest('button, input');
  const form = button instanceof HTMLButtonElement || button instanceof HTMLInputElement ? button.form : null;
  const sends =
    button !== null &&
    /^(?:submit|image)$/.test(button.getAttribute('type') ?? (button.localName === 'button' ? 'submit' : ''));
  const method = button?.getAttribute('formmethod') ?? form?.getAttribute('method') ?? 'get';
  if (sends && form !== null && method.toLowerCase() === 'get' && new FormData(form).entries().next().done !== true)
    return false;
  element.closest('a')?.removeAttribute('target');
  form?.removeAttribute('target');
  if (element instanceof HTMLElement) element.click();
  return true;
}

/** Runs inside the page: the words on each element as a person reads them; '' for one that is not drawn. */
export function drawnWords(elements: readonly Element[]): string[] {
  return elements.map((element) => {
    const box = element.getBoundingClientRect();
    const isDrawn = element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
    if (
      !isDrawn ||
      box.width < 1 ||
      box.height < 1 ||
      box.right + window.scrollX <= 0 ||
      box.bottom + window.scrollY <= 0
    )
      return '';
    if (element instanceof HTMLInputElement) return element.value;
    return element instanceof HTMLElement ? element.innerText : (element.textContent ?? '');
  });
}
