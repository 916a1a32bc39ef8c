import type { MiddlewareHandler } from 'hono';

/**
 * An address whose percent signs begin no characters (`%`, `%zz`, `%ff`) is a mistake of who wrote it: 400, whatever is asked
 * for. Past this, each route would meet it in its own way, and some by failing.
 */
export const refuseUnreadable: MiddlewareHandler = async (context, next) => {
  const { pathname, search } = new URL(context.req.url);
  if (!isReadable(pathname) || !isReadable(search)) return context.text(WORDS, 400, { 'cache-control': 'no-store' });
  return await next();
};

/** Nobody's language is known of an address that cannot be read. */
const WORDS = `L'adresse ne peut pas être lue : un signe % n'y commence aucun caractère.
The address cannot be read: a % sign in it begins no character.
لا يمكن قراءة العنوان: فيه علامة % لا يبدأ بها أي حرف.
`;

function isReadable(part: string): boolean {
  try {
    decodeURIComponent(part);
    return true;
  } catch {
    return false;
  }
}
