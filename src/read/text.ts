const APOSTROPHES = /[\u2018\u2019\u201b\u02bc\u02b9\u00b4\u0060\u2032\uff07]/g;
const INVISIBLE = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff]/g;
const MARKS = /\p{M}+/gu;

/**
 * Folds words to the form in which all matching is done: pages vary in apostrophes, kinds of space, Unicode form, case
 * and accents without meaning anything by it.
 */
export function fold(text: string): string {
  return text
    .replace(INVISIBLE, '')
    .normalize('NFKD')
    .replace(MARKS, '')
    .replace(APOSTROPHES, "'")
    .toLowerCase()
    .replace(/[\s\u00a0]+/g, ' ')
    .trim();
}
