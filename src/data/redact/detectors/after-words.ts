import { matchAt } from '../context.ts'
import type { Detector, DetectorInput, Found } from '../detector.ts'
import { drawnForm } from '../fill-form.ts'

/** A number that only the word before it tells: of a passport, a licence, a patient's record. */
interface Described extends Pick<Detector, 'kind' | 'group' | 'title' | 'covers' | 'misses'> {
  /** Words that say enough. */
  readonly words: readonly string[]
  /** Words that only say enough after `before`, which ends where the word begins. */
  readonly qualified?: { readonly words: readonly string[]; readonly before: RegExp }
}

// Between the word and the number: "no.", "number is", "#" and the like.
const lead =
  /(?:['’]?s)?(?: (?:card|license|licence))?["']?(?: ?\()?(?:[ ._-]?(?:number|no\.?|nr\.?|num\.?|n[°º]\.?|n[uú]mero|num[eé]ro|nummer|id))?["']?[ \t]{0,2}(?:[:#=][ \t]{0,2}|is |was |ist |lautet |es |est |è )?["'#]?/iuy
const number = /(?=[\p{L}\d./-]{0,16}\d)[\p{Lu}\d](?:[./-]?[\p{Lu}\d]){3,19}(?![\p{L}\d_])/uy
/** What made-up numbers begin with. */
const madeUp = 'XX'

function afterWords(described: Described): Detector {
  const { words, qualified, ...rest } = described
  const find = ({ text }: DetectorInput, start: number, end: number, found: Found): void => {
    const word = text.slice(start, end).toLowerCase()
    if (!words.includes(word) && qualified?.before.test(text.slice(Math.max(0, start - 24), start)) !== true)
      return
    const between = matchAt(lead, text, end)
    if (between === null || between[0] === '') return
    const from = end + between[0].length
    const match = matchAt(number, text, from)
    if (match === null || match[0].startsWith(madeUp)) return
    const isYear = /^(?:19|20)\d\d$/.test(match[0])
    if (isYear || match[0].replaceAll(/\D/g, '').length < 3) return
    found(from, from + match[0].length)
  }
  return {
    ...rest,
    words: { list: [...words, ...(qualified?.words ?? [])], find },
    normalized: (value) => value.replaceAll(/[^\p{L}\d]/gu, '').toUpperCase(),
    pseudonym: madeUpNumber,
  }
}

/** Of the same length, with a beginning that no number has. */
export const madeUpNumber: Detector['pseudonym'] = (value, random) =>
  madeUp + drawnForm(value, random).slice(madeUp.length)

export const medicalRecord: Detector = afterWords({
  kind: 'mrn',
  group: 'health',
  title: 'medical record number',
  covers:
    'after "MRN", "medical record number", "patient ID" and their like in six languages, and by patterns of your own (--mrn)',
  misses: 'without such a word before it and without a pattern',
  words: ['mrn', 'patientennummer', 'patientnummer', 'patiëntnummer', 'fallnummer', 'patientid'],
  qualified: {
    words: ['record', 'id', 'number', 'dossier', 'clínica', 'clinica'],
    before:
      /(?:^|[^\p{L}])(?:(?:medical|health|hospital|patient)[ _-]|historia |cartella |(?:num[eé]ro|n°) de )$/iu,
  },
})

export const passport: Detector = afterWords({
  kind: 'passport',
  group: 'national-id',
  title: 'passport number',
  covers: 'after "passport" and its like in seven languages',
  misses: 'without such a word before it; the lines that machines read',
  words: [
    'passport',
    'passeport',
    'reisepass',
    'reisepassnummer',
    'pasaporte',
    'passaporto',
    'passaporte',
    'paspoort',
    'paspoortnummer',
    'paszport',
    'paszportu',
  ],
})

export const driverLicence: Detector = afterWords({
  kind: 'driver-licence',
  group: 'national-id',
  title: 'driving licence number',
  covers: 'after "driver\'s license", "driving licence", "Führerschein" and their like',
  misses: 'without such a word before it',
  words: ['führerschein', 'führerscheinnummer', 'rijbewijs', 'rijbewijsnummer'],
  qualified: {
    words: ['license', 'licence', 'conduire', 'conducir'],
    before: /(?:driver|drivers|driver['’]s|driving|permis de|permiso de|licencia de)[ _-]$/iu,
  },
})
