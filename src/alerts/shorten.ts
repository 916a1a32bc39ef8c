/** What stands between what is kept of a text that was too long. */
const LEFT_OUT = '…';

/**
 * A text cut to what a service takes, whole lines at a time and out of the middle: that booking is free and personal stands at
 * the end, and has to stay (conduct C12). A service that cuts by itself cuts the end; one that refuses loses the whole message.
 */
export function shortened(text: string, most: number, sizeOf: (text: string) => number): string {
  if (sizeOf(text) <= most) return text;
  const lines = text.split('\n');
  // The foot with the way out begins with an empty line; what has to stay stands before it.
  const foot = lines.lastIndexOf('');
  const last = lines.splice(Math.max(0, foot === -1 ? lines.length - 1 : foot - 1)).join('\n');
  while (lines.pop() !== undefined) {
    const shorter = [...lines, LEFT_OUT, last].join('\n');
    if (sizeOf(shorter) <= most) return shorter;
  }
  return cut(last, most, sizeOf);
}

/** As many characters as fit; none is taken apart. */
function cut(text: string, most: number, sizeOf: (text: string) => number): string {
  let kept = '';
  for (const character of text) {
    if (sizeOf(kept + character + LEFT_OUT) > most) return kept + LEFT_OUT;
    kept += character;
  }
  return kept;
}
