import {
  ancestors,
  fold,
  maintenanceSign,
  movedSign,
  readPage,
  suspendedSign,
  z,
  type Element,
  type Page,
  type Probe,
  type Rule,
  type Sign,
  type Target,
} from '../src/probe.ts';

/**
 * A page of a prefecture's own site that says where appointments are taken (`/Prendre-un-rendez-vous` of 78 and 93,
 * `/Demarches/…`). `operational` means that it still leads somewhere; where to stands in the facet `links`, which is
 * compared between checks to see a procedure move. Fact sheets of November 2026: platforms, sections 6, 7.3, 8 and 10;
 * ANEF, sections 8 and 9.
 */

interface Channel {
  /** The platform's probe has the same name, where there is one. */
  readonly name: string;
  readonly host: RegExp;
  /** Addresses on the host that are doors; all of them when not given. */
  readonly path?: RegExp;
  /** The path alone says which procedure: a query is prefilled data or a session. */
  readonly isNamedByPath: boolean;
}

const CHANNELS: readonly Channel[] = [
  { name: 'rdv-prefecture', host: /^www\.rdv-prefecture\.interieur\.gouv\.fr$/, isNamedByPath: true },
  {
    name: 'ez-booking',
    host: /\.gouv\.fr$/,
    path: /^\/(?:index\.php\/)?booking\/create\/\d+/,
    isNamedByPath: true,
  },
  {
    name: 'anef',
    host: /^(?:administration-etrangers-en-france|sso\.anef\.dgef)\.interieur\.gouv\.fr$/,
    isNamedByPath: true,
  },
  {
    name: 'demarche-numerique',
    host: /^(?:www\.)?(?:demarches?\.numerique\.gouv|demarches-simplifiees)\.fr$/,
    isNamedByPath: true,
  },
  { name: 'rdv-service-public', host: /^rdv\.anct\.gouv\.fr$/, isNamedByPath: false },
  { name: 'eappointment', host: /^rdv-etrangers-\d+\.interieur\.gouv\.fr$/, isNamedByPath: false },
  { name: 'ppoletrangers', host: /^www\.ppoletrangers\.interieur\.gouv\.fr$/, isNamedByPath: false },
  { name: 'contact-form', host: /^(?:invite\.)?contacts-demarches\.interieur\.gouv\.fr$/, isNamedByPath: true },
];

/** What makes one and the same door look new: campaign marks, sessions, and the day at which a calendar opens. */
const PASSING_PARAMETER =
  /^(?:(?:utm|mtm|pk|piwik|matomo|at)_.*|xt(?:or|np?|crm)|_g[al]|mc_[ce]id|(?:fb|g|dc|y|msclk)clid|msclkid|[gw]braid|.*sess(?:ion)?(?:_?(?:id|code|state))?|sid|token|state|nonce|_|t|ts|timestamp|date)$/i;
const DOOR_PATH = /^\/(?:booking\/create\/\d+|rdvpref\/reservation\/demarche\/[^/]+)/;

const APPOINTMENT_WORDS =
  /\b(?:prendre|prenez|prise de|demander|demande de|reserver)\b.{0,20}\b(?:rendez-vous|rdv)\b|^rendez-vous en ligne$|\b(?:book|make) an appointment\b/;

/** "Prendre un rendez-vous - Les services de l'État dans les Yvelines": the ending of every title, seen 2019 to 2026. */
const PREFECTURE = /les services de l'etat\b|\bprefecture\b/;
/** The home page in place of a removed page, and the booking module: neither is a list, whatever links it carries. */
const NO_LIST = /^\/(?:index\.php\/?)?(?:$|accueil\/?$|booking\/)/i;

const params = z.strictObject({
  expects: z
    .array(
      z
        .string()
        .refine(
          (name) => CHANNELS.some((channel) => channel.name === name) || /^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/.test(name),
          {
            error: `write a host name, or one of ${CHANNELS.map(({ name }) => name).join(', ')}`,
          },
        ),
    )
    .min(1)
    .optional()
    .describe('Platforms or hosts that the page must link to'),
  within: z.string().min(3).optional().describe('Words of the heading under which the links stand'),
});

type Wanted = z.output<typeof params>;

interface Door {
  readonly address: string;
  readonly host: string;
  /** Name of the platform; null for another one, recognised by the words of the link. */
  readonly platform: string | null;
}

function channelOf(url: URL, page: Page): Channel | undefined {
  const isOwn = url.host === page.url.host;
  return CHANNELS.find(
    ({ host, path }) =>
      (host.test(url.hostname) || (isOwn && path !== undefined)) && (path === undefined || path.test(url.pathname)),
  );
}

/** One spelling for an address, so that only another door is another address. */
function spelled(url: URL, channel: Channel | undefined): string {
  const path = url.pathname.replace(/^\/index\.php(?=\/)/, '').replace(/;[^/]*/g, '');
  const door = (DOOR_PATH.exec(path)?.[0] ?? path).replace(/\/+$/, '');
  const asked = channel?.isNamedByPath === true ? [] : [...url.searchParams];
  const query = new URLSearchParams(
    asked.filter(([name, value]) => !PASSING_PARAMETER.test(name) && !value.includes('[scrubbed]')),
  );
  query.sort();
  // A port stands for a site on this machine: it has no other scheme.
  const scheme = url.port === '' ? 'https:' : url.protocol;
  return `${scheme}//${url.host}${door === '' ? '/' : door}${query.size === 0 ? '' : `?${query}`}`;
}

/**
 * Words make a door only of the State's own hosts and of those that the target names: pages warn of sellers by their
 * addresses, and link to old copies kept elsewhere.
 */
function isTrusted({ hostname }: URL, { expects = [] }: Wanted): boolean {
  return hostname.endsWith('.gouv.fr') || expects.includes(hostname);
}

function doorOf(link: Element, page: Page, wanted: Wanted): Door | null {
  const url = page.linkOf(link);
  if (url === null || !/^https?:$/.test(url.protocol)) return null;
  const channel = channelOf(url, page);
  const isSaid = url.host !== page.url.host && isTrusted(url, wanted) && APPOINTMENT_WORDS.test(page.wordsOf(link));
  if (channel === undefined && !isSaid) return null;
  return { address: spelled(url, channel), host: url.hostname, platform: channel?.name ?? null };
}

const HEADINGS = 'h1, h2, h3, h4, h5, h6';
const SIDE = /^(?:nav|footer|aside|dialog)$/;
const SIDE_ROLE = /^(?:navigation|contentinfo|complementary|banner|dialog|search)$/;

/** Whether an element stands in the content: not in what frames every page of the site. */
function contentTest(page: Page): (element: Element) => boolean {
  const mains = new Set(page.visible('main, [role="main"]'));
  return (element) => {
    const around = ancestors(element);
    if (around.some(({ name, attribs }) => SIDE.test(name) || SIDE_ROLE.test(attribs['role'] ?? ''))) return false;
    return mains.size === 0 ? around.every(({ name }) => name !== 'header') : around.some((part) => mains.has(part));
  };
}

/** Parts that a visible button opens: prefectures fold long lists into accordions and tabs. */
function foldedTest(page: Page): (part: Element) => boolean {
  const controlled = new Set(page.visible('[aria-controls]').map(({ attribs }) => attribs['aria-controls'] ?? ''));
  const shown = new Set(page.visible('[id]'));
  const closed = new Set(page.visible('details:not([open]) > summary').map((summary) => summary.parent));
  return (part) => {
    const { id } = part.attribs;
    return closed.has(part) || (id !== undefined && controlled.has(id) && !shown.has(part));
  };
}

/** The doors a person finds on the page, each once and in one order. */
function doorsOf(page: Page, wanted: Wanted): readonly Door[] {
  const { within } = wanted;
  const isContent = contentTest(page);
  const isFolded = foldedTest(page);
  const seen = new Set(page.visible(`a[href], ${HEADINGS}`));
  const found = new Map<string, Door>();
  const section = fold(within ?? '');
  let openedBy = within === undefined ? 0 : null;
  for (const element of page.present(`a[href], ${HEADINGS}`)) {
    if (!isContent(element) || (!seen.has(element) && !ancestors(element).some(isFolded))) continue;
    if (element.name !== 'a') {
      const level = Number(element.name.slice(1));
      if (within === undefined || (openedBy !== null && level > openedBy)) continue;
      openedBy = page.wordsOf(element).includes(section) ? level : null;
      continue;
    }
    const door = openedBy === null ? null : doorOf(element, page, wanted);
    if (door !== null) found.set(door.address, door);
  }
  return [...found.keys()].toSorted().flatMap((address) => found.get(address) ?? []);
}

/** The page that was asked for, or the one to which the site has moved it: the last part of its path stays. */
function isAskedFor(page: Page): boolean {
  const placeOf = ({ pathname }: URL): string =>
    pathname
      .replace(/^\/index\.php(?=\/)/, '')
      .replace(/;[^/]*/g, '')
      .replace(/\/+$/, '')
      .toLowerCase();
  const asked = placeOf(new URL(page.capture.requestedUrl));
  const shown = placeOf(page.url);
  return `${shown}/`.startsWith(`${asked}/`) || shown.endsWith(asked.slice(asked.lastIndexOf('/')));
}

const isList = (page: Page): boolean =>
  isAskedFor(page) &&
  !NO_LIST.test(page.url.pathname) &&
  page.has('h1, h2') &&
  (PREFECTURE.test(page.titleWords) || page.controls('h1, header, [role="banner"]', PREFECTURE).length > 0);

const missingOf = ({ expects = [] }: Wanted, doors: readonly Door[]): readonly string[] =>
  expects.filter((expected) => !doors.some(({ platform, host }) => platform === expected || host === expected));

function rulesFor(target: Target): readonly Rule[] {
  const wanted = params.parse(target.params);
  const doors = (page: Page): readonly Door[] => (isList(page) ? doorsOf(page, wanted) : []);
  const missing = (found: readonly Door[]): readonly string[] => missingOf(wanted, found);
  const isMute = (page: Page): boolean => isList(page) && doorsOf(page, wanted).length === 0;

  function list(page: Page): Sign | null {
    const found = doors(page);
    return found.length === 0 || missing(found).length > 0
      ? null
      : { message: `links to appointments: ${named(found)}`, facets: { links: found.map(({ address }) => address) } };
  }

  /** Only beside other doors: a page without any is more likely a page that changed. */
  function gone(page: Page): Sign | null {
    const found = doors(page);
    const names = missing(found);
    if (found.length === 0 || names.length === 0) return null;
    const message = `no link to ${names.join(', ')} any more, only to ${named(found)}`;
    return { message, facets: { links: found.map(({ address }) => address) } };
  }

  return [
    {
      name: 'maintenance',
      outcome: 'maintenance',
      see: (page) => (doorsOf(page, wanted).length === 0 ? maintenanceSign(page) : null),
    },
    { name: 'link-gone', outcome: 'moved', see: gone },
    { name: 'moved', outcome: 'moved', see: (page) => (isMute(page) ? movedSign(page) : null) },
    { name: 'suspended', outcome: 'suspended', see: (page) => (isMute(page) ? suspendedSign(page) : null) },
    { name: 'list', outcome: 'operational', see: list },
  ];
}

function named(doors: readonly Door[]): string {
  return [...new Set(doors.map(({ platform, host }) => platform ?? host))].toSorted().join(', ');
}

const UNCHANGED_MS = 800;

/**
 * A list that a script fills grows: it is whole when it has stayed the same for a while. One that lacks an expected link is
 * never taken for whole: the visit itself waits until such news have stood long enough.
 */
function stays(target: Target): (page: Page) => boolean {
  const wanted = params.parse(target.params);
  let links = '';
  let since = 0;
  return (page) => {
    const { observedAt } = page.capture;
    const found = isList(page) ? doorsOf(page, wanted) : [];
    const now = found.map(({ address }) => address).join(' ');
    if (now !== links) since = observedAt;
    links = now;
    return links !== '' && missingOf(wanted, found).length === 0 && observedAt - since >= UNCHANGED_MS;
  };
}

/** The departments' sites, overseas ones under `pref.gouv.fr` included, and the Préfecture de police. */
const HOSTS = [
  /^(?:www\.)?(?!interieur\.|service-public\.)[a-z]+(?:-[a-z]+)*(?:\.pref)?\.gouv\.fr$/,
  /^www\.prefecturedepolice\.interieur\.gouv\.fr$/,
];
const LIST_PATH = /^\/(?:index\.php\/)?(?:prendre-(?:un-)?rendez-vous|demarches|actions-de-l-etat)(?:[-/]|$)/i;

export const probe: Probe = {
  name: 'listing',
  version: 2,
  kind: 'service',
  hosts: HOSTS,
  recognises: ({ hostname, pathname }) => HOSTS.some((host) => host.test(hostname)) && LIST_PATH.test(pathname),
  posts: [],
  forbidden: [/^\/(?:index\.php\/)?booking\//],
  expectsCaptcha: false,
  contacts: [],
  params,
  visit: async (visit, target) => {
    await visit.open('list', target.address, { until: stays(target) });
  },
  read: (captures, target) => {
    const last = captures.at(-1);
    if (last === undefined) throw new Error('a visit without a capture cannot be read');
    return readPage(last, rulesFor(target));
  },
};
