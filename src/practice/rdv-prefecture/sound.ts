const RATE = 8_000;
const TONES = [440, 523, 587, 659, 698, 784];
const TONE_SECONDS = 0.25;

/**
 * A short WAV of tones, in the place of the captcha that the real site reads aloud: 8 kHz, 8 bit, mono. Six tones, and one more
 * for each code after the first, so that a sound can be told from that of the code before.
 */
export function beeps(id: number): Uint8Array<ArrayBuffer> {
  const perTone = RATE * TONE_SECONDS;
  const more = Math.min(Math.max(0, id - 1), 20);
  const samples = [...TONES, ...Array.from({ length: more }, () => 330)].flatMap((tone) =>
    Array.from({ length: perTone }, (_empty, at) => 128 + Math.round(60 * Math.sin((2 * Math.PI * tone * at) / RATE))),
  );
  const head = Buffer.alloc(44);
  head.write('RIFF', 0);
  head.writeUInt32LE(36 + samples.length, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(RATE, 24);
  head.writeUInt32LE(RATE, 28);
  head.writeUInt16LE(1, 32);
  head.writeUInt16LE(8, 34);
  head.write('data', 36);
  head.writeUInt32LE(samples.length, 40);
  return new Uint8Array([...head, ...samples]);
}
