/**
 * Clocks of the overseas departments and territories, by the code that stands for a department. France's legal time there is
 * set by territory; zones as in the IANA time zone database (`zone.tab`, 2026), cities are the seats of the prefecture or of
 * the State's representative. 985 was Mayotte's code until 2011 and stands in old links. Clipperton (989) has no zone of its
 * own and nobody lives there: UTC-8 is its nautical zone.
 */
export const OVERSEAS = {
  '971': { zone: 'America/Guadeloupe', city: 'Basse-Terre' },
  '972': { zone: 'America/Martinique', city: 'Fort-de-France' },
  '973': { zone: 'America/Cayenne', city: 'Cayenne' },
  '974': { zone: 'Indian/Reunion', city: 'Saint-Denis' },
  '975': { zone: 'America/Miquelon', city: 'Saint-Pierre' },
  '976': { zone: 'Indian/Mayotte', city: 'Mamoudzou' },
  '977': { zone: 'America/St_Barthelemy', city: 'Gustavia' },
  '978': { zone: 'America/Marigot', city: 'Marigot' },
  '984': { zone: 'Indian/Kerguelen', city: 'Port-aux-Français' },
  '985': { zone: 'Indian/Mayotte', city: 'Mamoudzou' },
  '986': { zone: 'Pacific/Wallis', city: 'Mata-Utu' },
  '987': { zone: 'Pacific/Tahiti', city: 'Papeete' },
  '988': { zone: 'Pacific/Noumea', city: 'Nouméa' },
  '989': { zone: 'Etc/GMT+8', city: 'Clipperton' },
} as const satisfies Record<string, { readonly zone: string; readonly city: string }>;

export type City = (typeof OVERSEAS)[keyof typeof OVERSEAS]['city'];

/** A clock beside the one of Paris; `city` is null where it is the recipient's own and no city of the table keeps it. */
export interface LocalClock {
  readonly zone: string;
  readonly city: City | null;
}

const byDepartment = new Map<string, LocalClock>(Object.entries(OVERSEAS));
const byZone = new Map<string, LocalClock>(Object.values(OVERSEAS).map((clock) => [clock.zone, clock]));

/** The clock of the place; where that is the one of Paris, the recipient's. */
export function localClock(department: string | null, timeZone: string): LocalClock {
  return byDepartment.get(department ?? '') ?? byZone.get(timeZone) ?? { zone: timeZone, city: null };
}
