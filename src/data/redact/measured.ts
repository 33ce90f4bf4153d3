// Written by bench/redact.ts.

export interface MeasuredKind {
  /** Labelled, and found. */
  readonly right: number
  /** Labelled, and not found. */
  readonly missed: number
  /** Found where nothing is labelled. */
  readonly false: number
}

/** Counts on sentences that the detectors were not made with. */
export const measuredOn: {
  readonly sentences: number
  readonly total: MeasuredKind
  readonly kinds: Readonly<Record<string, MeasuredKind>>
} = {
  sentences: 84,
  total: { right: 64, missed: 25, false: 4 },
  kinds: {
    'url-credentials': { right: 0, missed: 0, false: 1 },
    email: { right: 2, missed: 0, false: 0 },
    card: { right: 2, missed: 0, false: 0 },
    iban: { right: 2, missed: 0, false: 0 },
    'fr-nir': { right: 0, missed: 1, false: 0 },
    'gb-nhs': { right: 1, missed: 0, false: 0 },
    'in-aadhaar': { right: 1, missed: 0, false: 0 },
    'au-medicare': { right: 1, missed: 0, false: 0 },
    'ca-sin': { right: 1, missed: 0, false: 0 },
    'au-tfn': { right: 1, missed: 0, false: 0 },
    'nl-bsn': { right: 1, missed: 0, false: 0 },
    'be-national-number': { right: 1, missed: 0, false: 0 },
    'no-fodselsnummer': { right: 1, missed: 0, false: 0 },
    'se-personnummer': { right: 1, missed: 0, false: 0 },
    'br-cpf': { right: 1, missed: 0, false: 0 },
    'pl-pesel': { right: 1, missed: 0, false: 0 },
    'it-codice-fiscale': { right: 1, missed: 0, false: 0 },
    'es-dni': { right: 1, missed: 0, false: 0 },
    'gb-nino': { right: 1, missed: 0, false: 0 },
    'fi-hetu': { right: 1, missed: 0, false: 0 },
    mrn: { right: 1, missed: 0, false: 0 },
    passport: { right: 1, missed: 0, false: 0 },
    'driver-licence': { right: 0, missed: 1, false: 0 },
    secret: { right: 2, missed: 4, false: 0 },
    crypto: { right: 1, missed: 0, false: 0 },
    mac: { right: 1, missed: 0, false: 0 },
    ip: { right: 2, missed: 0, false: 0 },
    'date-of-birth': { right: 6, missed: 0, false: 0 },
    phone: { right: 6, missed: 0, false: 1 },
    age: { right: 0, missed: 1, false: 0 },
    address: { right: 9, missed: 1, false: 0 },
    name: { right: 14, missed: 17, false: 2 },
  },
}
