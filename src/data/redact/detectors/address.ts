import { matchAt } from '../context.ts'
import { tokenFlag, type Detector, type DetectorInput, type Found } from '../detector.ts'

const word = "\\p{Lu}[\\p{L}\\p{M}'’-]*"
const house = '\\d{1,5}(?: ?[A-Za-z](?![\\p{L}]))?(?:[-/]\\d{1,4})?'
const flat = '(?:(?:Flat|Apt\\.?|Apartment|Unit|Suite|Room) \\w{1,5}, )?'

const englishBefore = new RegExp(
  `(?<![\\p{L}\\d.,$€£-])${flat}${house} (?:[NSEW]\\.? )?(?:(?:${word}|\\d{1,3}(?:st|nd|rd|th))\\.? ){1,4}$`,
  'u',
)
const streetTypes = [
  'street',
  'st',
  'avenue',
  'ave',
  'road',
  'rd',
  'lane',
  'ln',
  'boulevard',
  'blvd',
  'drive',
  'dr',
  'court',
  'ct',
  'crescent',
  'terrace',
  'close',
  'square',
  'parkway',
  'highway',
  'gardens',
  'grove',
  'mews',
  'place',
]
const shortTypes = new Set(['st', 'ave', 'rd', 'ln', 'blvd', 'dr', 'ct'])
const state =
  'A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[AT]|W[AIVY]'
const englishAfter = new RegExp(
  `\\.?(?:,? (?:Apt\\.?|Apartment|Unit|Suite|Flat|#) ?#?\\w{1,5})?(?:,? (?:${word} ){0,2}${word})?(?:,? (?:${state}),? \\d{5}(?:-\\d{4})?|,? [A-Z]{1,2}\\d[A-Z\\d]? ?\\d[A-Z]{2})`,
  'uy',
)
const flatAfter = /,? (?:Apt\.?|Apartment|Unit|Suite|Flat) ?#?\w{1,5}(?!\p{L})/uy

const box = /(?:P\.? ?O\.? ?|Post Office )Box \d{1,6}/iu

const frenchBefore = /(?<![\p{L}\d.,-])\d{1,4}(?: ?(?:bis|ter))?,? $/u
const frenchAfter = new RegExp(
  `(?: (?:de la|de l['’]|des|du|de|d['’]|${word})){1,6}(?:, \\d{5} ${word}(?:[ -]${word}){0,3})?`,
  'uy',
)
const frenchTypes = ['rue', 'boulevard', 'avenue', 'chemin', 'impasse', 'allée', 'quai', 'cours', 'place']

const southern = new RegExp(
  `(?:/)?(?: (?:de la|de los|de las|del|de|della|delle|dei|di|da|do|dos|das|${word})){1,6},? (?:n[.º°]? ?)?\\d{1,4}(?:[A-Za-z](?!\\p{L}))?(?:,? (?:\\d{4,5}(?:-\\d{3})?) ${word}(?: ${word}){0,2})?(?!\\d)`,
  'uy',
)
const southernTypes = [
  'calle',
  'avenida',
  'plaza',
  'paseo',
  'via',
  'viale',
  'piazza',
  'corso',
  'rua',
  'travessa',
  'ulica',
  'ul',
  'aleja',
  'osiedle',
  'carrer',
]
const polish = new RegExp(
  `\\.? ${word}(?: ${word}){0,2} \\d{1,4}[A-Za-z]?(?:[/m ]{1,3}\\d{1,4})?(?!\\d)`,
  'uy',
)

/** Germanic streets are one word, or words with prepositions before one: "Lindenstraße 17", "Am Kirchweg 3". */
const germanBefore = new RegExp(
  `(?<![\\p{L}\\d])(?:(?:Am|An der|An dem|Auf der|Auf dem|Im|In der|Zum|Zur|Alte|Neue|Große|Kleine|Obere|Untere) )?(?:${word}[ -]){0,2}\\p{Lu}?[\\p{L}-]{0,30}(?:[Ss]tra(?:ß|ss)e|[Ss]tr\\.|[Ww]eg|[Aa]llee|[Pp]latz|[Gg]asse|[Dd]amm|[Uu]fer|straat|laan|gracht|plein|kade|dreef|gatan|vägen|veien) $`,
  'u',
)
const germanAfter = new RegExp(
  `${house}(?:, (?:\\d{5}|\\d{4}(?: ?[A-Z]{2})?) ${word}(?:[ -]${word}){0,2})?(?!\\d)`,
  'uy',
)
/** Last letters of the words above, before the space. */
const germanEnds = 'eE.gGzZtTnNmMrR'

/** How the words above end, in few steps. */
const germanEnd = /(?:sse|ße|tr\.|eg|ee|tz|mm|er|at|an|ht|in|de|ef|en)$/i

/** Streets of made-up addresses. */
const madeUp = 'Sample'

function found(text: string, start: number, end: number, add: Found): void {
  if (!text.slice(start, end).includes(madeUp)) add(start, end)
}

function english(text: string, start: number, end: number, add: Found): void {
  if (!/\p{Lu}/u.test(text.charAt(start))) return
  const from = Math.max(0, start - 70)
  const before = englishBefore.exec(text.slice(from, start))
  if (before === null) return
  const after = matchAt(englishAfter, text, end) ?? matchAt(flatAfter, text, end)
  const isShort = shortTypes.has(text.slice(start, end).toLowerCase())
  const dot = after === null && text.charAt(end) === '.' && isShort ? 1 : 0
  found(text, from + before.index, end + (after?.[0].length ?? dot), add)
}

function find({ text }: DetectorInput, start: number, end: number, add: Found): void {
  const type = text.slice(start, end).toLowerCase()
  if (streetTypes.includes(type)) english(text, start, end, add)
  if (frenchTypes.includes(type)) {
    const from = Math.max(0, start - 12)
    const before = frenchBefore.exec(text.slice(from, start))
    const after = before === null ? null : matchAt(frenchAfter, text, end)
    if (before !== null && after !== null && /\p{Lu}/u.test(after[0])) {
      found(text, from + before.index, end + after[0].length, add)
    }
  }
  if (southernTypes.includes(type) && !/[\p{L}\d/]/u.test(text.charAt(start - 1))) {
    const after = matchAt(type === 'ul' ? polish : southern, text, end)
    if (after !== null && /\p{Lu}/u.test(after[0])) found(text, start, end + after[0].length, add)
  }
  if (type === 'box') {
    const from = Math.max(0, start - 14)
    const match = box.exec(text.slice(from, end + 8))
    if (match !== null) found(text, from + match.index, from + match.index + match[0].length, add)
  }
}

export const address: Detector = {
  kind: 'address',
  group: 'contact',
  title: 'street address',
  covers:
    'street with house number in the patterns of English, German, Dutch, French, Spanish, Italian, Portuguese and Polish, with town and postcode behind it; PO boxes',
  misses: 'streets of other patterns, towns and postcodes alone, names of buildings',
  words: { list: [...new Set([...streetTypes, ...frenchTypes, ...southernTypes, 'box'])], find },
  token: {
    flags: tokenFlag.digit,
    find({ text }, start, _end, add) {
      if (text.charAt(start - 1) !== ' ' || !germanEnds.includes(text.charAt(start - 2) || ' ')) return
      if (!germanEnd.test(text.slice(start - 7, start - 1))) return
      const from = Math.max(0, start - 70)
      const before = germanBefore.exec(text.slice(from, start))
      if (before === null || !/\p{Lu}/u.test(before[0])) return
      const after = matchAt(germanAfter, text, start)
      if (after !== null) found(text, from + before.index, start + after[0].length, add)
    },
  },
  pseudonym: (_value, random) => `${1 + random.integer(999)} ${madeUp} Street`,
}
