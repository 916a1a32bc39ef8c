/** What an uploaded file says of itself, read from its first bytes without decoding it. Pure. */

export interface PictureFacts {
  readonly type: 'image/png' | 'image/jpeg' | 'image/webp';
  readonly width: number;
  readonly height: number;
}

export const MOST_PICTURE_BYTES = 8_000_000;
/** A small file may unfold to a picture that fills the memory. */
export const MOST_PICTURE_POINTS = 40_000_000;

/** Null for what is none of the three kinds, or is cut off before it says its size. */
export function pictureFacts(bytes: Uint8Array): PictureFacts | null {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    return png(view) ?? jpeg(view) ?? webp(view);
  } catch {
    // Reading past the end: the file is cut.
    return null;
  }
}

/** PNG (RFC 2083): eight bytes, then the header chunk with width and height. */
function png(view: Buffer): PictureFacts | null {
  if (view.subarray(0, 8).toString('latin1') !== '\u0089PNG\r\n\u001a\n') return null;
  if (view.subarray(12, 16).toString('latin1') !== 'IHDR') return null;
  return { type: 'image/png', width: view.readUInt32BE(16), height: view.readUInt32BE(20) };
}

/** JPEG (ITU T.81, B.1): segments up to the first start of a frame, which has height and width. */
function jpeg(view: Buffer): PictureFacts | null {
  if (view.readUInt16BE(0) !== 0xffd8) return null;
  let at = 2;
  while (at < view.length) {
    if (view[at] !== 0xff) return null;
    const marker = view.readUInt8(at + 1);
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return { type: 'image/jpeg', height: view.readUInt16BE(at + 5), width: view.readUInt16BE(at + 7) };
    const isBare = marker === 0xff || marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7);
    at += isBare ? (marker === 0xff ? 1 : 2) : 2 + view.readUInt16BE(at + 2);
  }
  return null;
}

/** WebP (RFC 9649, 2.5 to 2.7): the first chunk is one of three. */
function webp(view: Buffer): PictureFacts | null {
  const words = (from: number): string => view.subarray(from, from + 4).toString('latin1');
  if (words(0) !== 'RIFF' || words(8) !== 'WEBP') return null;
  const type = 'image/webp';
  switch (words(12)) {
    case 'VP8X':
      return { type, width: 1 + view.readUIntLE(24, 3), height: 1 + view.readUIntLE(27, 3) };
    case 'VP8L': {
      const bits = view.readUInt32LE(21);
      return { type, width: 1 + (bits & 0x3fff), height: 1 + ((bits >> 14) & 0x3fff) };
    }
    case 'VP8 ':
      return { type, width: view.readUInt16LE(26) & 0x3fff, height: view.readUInt16LE(28) & 0x3fff };
    default:
      return null;
  }
}
