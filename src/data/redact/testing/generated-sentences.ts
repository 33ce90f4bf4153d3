import { readFileSync } from 'node:fs'
import { createRandom, type Random } from '../../../lib/random.ts'
import { parseLabelled, type LabelledSentence } from './labelled-sentences.ts'

/** Numbers that an independent program calls valid or not: `bench/peers/redact_goldens.py`. */
export const checkDigits = JSON.parse(
  readFileSync(new URL('../fixtures/check-digits.json', import.meta.url), 'utf8'),
) as Readonly<Record<string, { readonly valid: readonly string[]; readonly invalid: readonly string[] }>>

/** Words that stand before a number of each kind, and how it is grouped. */
const numbers: Readonly<Record<string, readonly [words: readonly string[], groups?: readonly number[]]>> = {
  'gb-nhs': [
    ['NHS number', 'NHS no.'],
    [3, 3, 4],
  ],
  'es-dni': [['DNI', 'mi DNI es']],
  'es-nie': [['NIE']],
  'fr-nir': [['numéro de sécurité sociale', 'NIR']],
  'de-tax-id': [
    ['Steuer-ID', 'IdNr'],
    [2, 3, 3, 3],
  ],
  'it-codice-fiscale': [['codice fiscale', 'CF']],
  'nl-bsn': [['BSN', 'burgerservicenummer']],
  'pl-pesel': [['PESEL']],
  'br-cpf': [['CPF']],
  'in-aadhaar': [['Aadhaar'], [4, 4, 4]],
  'ca-sin': [
    ['SIN', 'social insurance number'],
    [3, 3, 3],
  ],
  'au-tfn': [
    ['TFN', 'tax file number'],
    [3, 3, 3],
  ],
  'be-national-number': [['rijksregisternummer', 'NISS']],
  'se-personnummer': [['personnummer']],
  'no-fodselsnummer': [['fødselsnummer', 'fnr']],
  'fi-hetu': [['henkilötunnus']],
  iban: [
    ['IBAN', 'account'],
    [4, 4, 4, 4, 4, 4],
  ],
  card: [
    ['card', 'Visa', 'paid with'],
    [4, 4, 4, 4],
  ],
}

const fillers = [
  'Please check the file again.',
  'We wrote last week, without an answer.',
  'The total was 1,284.50 EUR on 12.05.2024.',
  'Order 100-2234-88190 is late.',
  'Room 1204 is free from 10:30 to 11:15.',
  'See section 4.1.2 of version 10.4.',
  'The ratio is 16:9, and 3 of 40 rows failed.',
]

const words = ['river', 'stone', 'maple', 'cloud', 'ember', 'north', 'silver', 'garden', 'harbor', 'meadow']
const domains = ['mailhub.io', 'post-office.net', 'klinik-nord.de', 'correo.es', 'firma.co.uk', 'bücher.de']

/** Sentences by chance, the same for a seed: a value in one of its forms, or one that only looks like it, and filler. */
export function generatedSentences(count: number, seed = 7): LabelledSentence[] {
  const random = createRandom(seed)
  const kinds = Object.keys(numbers)
  return Array.from({ length: count }, () => {
    const kind = kinds[random.integer(kinds.length)]!
    const makers = [
      () => numberOf(kind, random, true),
      () => numberOf(kind, random, false),
      () => contactOf(random),
    ]
    const middle = makers[random.integer(makers.length)]!()
    return parseLabelled(`${one(fillers, random)} ${middle} ${one(fillers, random)}`)
  })
}

function numberOf(kind: string, random: Random, valid: boolean): string {
  const { valid: right, invalid } = checkDigits[kind] ?? { valid: [], invalid: [] }
  const [lead, groups] = numbers[kind] ?? [['']]
  const plain = one(valid ? right : invalid, random)
  const value = groups === undefined || random.integer(2) === 0 ? plain : grouped(plain, groups)
  const mark = one([' ', ': ', ' is '], random)
  return `${one(lead, random)}${mark}${valid ? `[[${kind}|${value}]]` : value}.`
}

function grouped(value: string, lengths: readonly number[]): string {
  let at = 0
  return lengths.map((length) => value.slice(at, (at += length))).join(' ')
}

function contactOf(random: Random): string {
  const name = `${one(words, random)}${one(['.', '_', '-', ''], random)}${one(words, random)}`
  const tag = random.integer(3) === 0 ? `+${one(words, random)}` : ''
  const exchange = `555-0${2 + random.integer(7)}${random.integer(10)}${random.integer(10)}`
  const area = one(['212', '415', '617', '503'], random)
  return one(
    [
      `Write to [[email|${name}${tag}@${one(domains, random)}]].`,
      `Mail: [[email|${name.toUpperCase()}@${one(domains, random)}]]!`,
      `Call [[phone|(${area}) ${exchange}]] today.`,
      `Call [[phone|+1 ${area}-${exchange}]] today.`,
      `My number is [[phone|${area}-${exchange}]].`,
      `The host [[ip|81.${1 + random.integer(200)}.${random.integer(256)}.${1 + random.integer(254)}]] answered.`,
      `SSN [[us-ssn|${219 + random.integer(400)}-${10 + random.integer(80)}-${1000 + random.integer(8999)}]].`,
      `Version ${random.integer(9)}.${random.integer(9)}.${random.integer(99)}.${random.integer(99)} is out.`,
      `Part ${area}-${exchange}-${random.integer(99)} is on order.`,
      `born on [[date-of-birth|${1 + random.integer(28)}/0${2 + random.integer(7)}/19${30 + random.integer(69)}]].`,
      `Ticket ${random.integer(1e9)} was closed on ${1 + random.integer(28)}/06/2023.`,
    ],
    random,
  )
}

const one = <T>(items: readonly T[], random: Random): T => items[random.integer(items.length)]!
