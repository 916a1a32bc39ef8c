/**
 * The head of a screenshot, made small. Done here and not by the browser that opens everybody's pages: readers must not be able to keep
 * it busy, and a site of files is built without one.
 */

export const THUMBNAIL = { width: 320, height: 240 } as const;

/** What a screenshot of ours has at the most, and some more: a small file may unfold to one that fills the memory. */
const MOST_POINTS = 24_000_000;

/** A PNG of 320 × 240 points at most; null for a picture that is none of a browser's, or too large. */
export async function thumbnailOf(png: Uint8Array): Promise<Uint8Array<ArrayBuffer> | null> {
  // A native library: whoever shows no picture does not wait for it.
  const { default: sharp } = await import('sharp');
  try {
    const picture = sharp(png, { limitInputPixels: MOST_POINTS });
    const { format, width, height } = await picture.metadata();
    if (format !== 'png') return null;
    const head = Math.ceil(THUMBNAIL.height * Math.max(1, width / THUMBNAIL.width));
    const small = await picture
      .extract({ left: 0, top: 0, width, height: Math.min(height, head) })
      .resize({ width: THUMBNAIL.width, height: THUMBNAIL.height, fit: 'inside', withoutEnlargement: true })
      .flatten({ background: 'white' })
      .png({ palette: true, colours: 16, dither: 0, effort: 10 })
      .toBuffer();
    return new Uint8Array(small);
  } catch {
    // Cut short, damaged, too large, or no picture at all.
    return null;
  }
}
