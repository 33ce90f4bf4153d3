import { matchAt } from '../context.ts'
import { tokenFlag, type Detector, type DetectorInput, type Found } from '../detector.ts'
import { givenNames, notNames } from './name-words.ts'
import { isMadeUpName, madeUpName, madeUpNameCount } from './pseudonym-names.ts'

const particle =
  '(?:de la|de los|de|del|della|di|da|dos|du|van der|van den|van|von der|von|zu|ter|ten|bin|ibn|al|el|le|la)'
const part =
  "(?:O['’]|D['’]|Mc|Mac)?\\p{Lu}[\\p{L}\\p{M}]*\\p{Ll}[\\p{L}\\p{M}]*(?:['’-]\\p{Lu}[\\p{L}\\p{M}]+){0,2}"
const initial = '\\p{Lu}\\.'
const one = new RegExp(`${part}(?![\\p{L}\\d_@])`, 'uy')
/** One to four parts with particles and initials between them. */
const name = new RegExp(
  `(?:${part}|${initial})(?: ?(?<=[ .])(?:${particle} )?(?:${part}|${initial})){0,3}`,
  'uy',
)
const beforeBracket = new RegExp(`(?<![\\p{L}\\d])${part} (?:${part}|${initial})(?: ${part})?$`, 'u')
const surnameFirst = new RegExp(`${part}, ${part}`, 'uy')

const titles = [
  'dr',
  'mr',
  'mrs',
  'ms',
  'mx',
  'miss',
  'prof',
  'professor',
  'doctor',
  'nurse',
  'herr',
  'herrn',
  'frau',
  'monsieur',
  'madame',
  'mme',
  'mlle',
  'señor',
  'señora',
  'señorita',
  'sr',
  'sra',
  'srta',
  'signor',
  'signora',
  'dott',
  'dottoressa',
  'meneer',
  'mevrouw',
  'dhr',
  'heer',
  'sgt',
  'lt',
  'capt',
  'rev',
  'mevr',
  'pani',
  'senhor',
  'senhora',
  'doña',
]
const greetings = [
  'dear',
  'hi',
  'hello',
  'hey',
  'bonjour',
  'hola',
  'liebe',
  'lieber',
  'beste',
  'ciao',
  'caro',
  'cara',
  'estimado',
  'estimada',
  'querido',
  'querida',
  'cher',
  'chère',
  'olá',
  'drogi',
  'droga',
  'hallo',
]
const closings = [
  'regards',
  'sincerely',
  'cheers',
  'wishes',
  'thanks',
  'faithfully',
  'truly',
  'grüße',
  'grüßen',
  'gruß',
  'cordialement',
  'saludos',
  'saludo',
  'thx',
  'best',
  'lg',
  'abrazo',
  'abraço',
  'salutations',
  'atentamente',
  'saluti',
  'groet',
  'groeten',
  'pozdrawiam',
  'atenciosamente',
]
const naming = [
  'name',
  'named',
  'nombre',
  'nom',
  'naam',
  'nome',
  'heiße',
  'heisse',
  'appelle',
  'llamo',
  'chiamo',
  'chamo',
  'nazywam',
  'imię',
  'nazwisko',
]
const nameKeys = [
  'firstname',
  'lastname',
  'fullname',
  'surname',
  'vorname',
  'nachname',
  'prénom',
  'apellido',
  'apellidos',
  'cognome',
  'forename',
]
const kin = [
  'mother',
  'father',
  'mum',
  'mom',
  'dad',
  'sister',
  'brother',
  'husband',
  'wife',
  'son',
  'daughter',
  'uncle',
  'aunt',
  'grandmother',
  'grandfather',
  'partner',
  'girlfriend',
  'boyfriend',
  'colleague',
  'neighbour',
  'neighbor',
  'mutter',
  'vater',
  'tochter',
  'sohn',
  'schwester',
  'bruder',
  'mère',
  'père',
  'sœur',
  'frère',
  'fille',
  'fils',
  'madre',
  'padre',
  'hermana',
  'hermano',
  'hija',
  'hijo',
]
const roles = [
  'person',
  'patient',
  'client',
  'customer',
  'caller',
  'claimant',
  'applicant',
  'employee',
  'insured',
  'policyholder',
  'tenant',
  'attn',
  'contact',
  'physician',
  'witness',
  'signed',
  'patiente',
  'paciente',
  'paziente',
  'patiënt',
  'kunde',
  'mieter',
]

const afterTitle = /\.?(?: (?:and|&|und|et|y|e) (?:Mrs?|Ms|Dr|Frau|Madame|Mme|Sra)\.?)? /y
const afterNaming =
  /(?: (?:on|of|for) (?:the )?(?:account|card|policy|contract|booking))?(?: is| was| est| ist| lautet| es| é| è| się| de)?(?: ?[:=])?["' \t]{1,3}/iuy
const afterKey = /["']? ?(?:[:=]|is)["' \t]{1,3}/iuy
const afterRole = /(?: ?[:=]| is|,)[ \t]{1,2}/y
const afterGreeting = /,? /y
const afterClosing =
  /(?:,? (?:again|in advance))?(?:[,.!]{0,2}[ \t]{0,3}\r?\n\s{0,3}|,[ \t]{1,2})(?:[-–—] ?)?/y
/** Things that have a name and are no persons. */
const namedThing =
  /(?<!\p{L})(?:file|product|brand|company|user|domain|host|tool|function|class|table|column|variable|project|app|model|event|field|store|shop|team|group|code|street|city|business|organi[sz]ation|screen|server|display|package|service|last|first|(?:the|in|a) )[ _-]?$/iu
const endOfGreeting = /[,.!?:;\n\r—–]|$| ?[-–—(]/uy

const isStopped = (text: string): boolean => notNames.has(text.toLowerCase())

/** The name at a place, cut before the first word that is none; undefined where nothing is left. */
function nameAt(text: string, at: number, pattern = name): string | undefined {
  const match = matchAt(pattern, text, at)
  if (match === null) return undefined
  const words = match[0].split(/(?<=[ ])/)
  const firstStop = words.findIndex(
    (word) => isStopped(word.replace(/[,.]? ?$/, '')) && /^\p{Lu}/u.test(word),
  )
  const kept = (firstStop === -1 ? words : words.slice(0, firstStop))
    .join('')
    .replace(/[ ,]+$/, '')
    .replace(new RegExp(` ${particle}$`), '')
  const real = kept.split(/[ ,]+/).filter((word) => /^\p{Lu}.*\p{Ll}/u.test(word))
  return real.every(isMadeUpName) ? undefined : kept
}

/** What a place or a thing that has a person's name ends in. */
const place =
  /(?:Hospital|Clinic|Park|Street|Road|Avenue|University|School|College|Church|Cathedral|Airport|Station|Square|Bridge|Museum|Award|Prize|Day|Center|Centre|Foundation|Institute|Hotel|Inc|Ltd|GmbH|Corp|Bank|Company)$/

const partsOf = (found: string): number => found.split(/[ ,]+/).length

interface Rule {
  readonly words: readonly string[]
  readonly lead: RegExp
  /** Parts that a name must have to be one here. */
  readonly parts: number
  readonly accepts?: (text: string, start: number, nameStart: number, found: string) => boolean
  readonly pattern?: RegExp
}

const rules: readonly Rule[] = [
  {
    words: titles,
    lead: afterTitle,
    parts: 1,
    accepts: (text, start) =>
      /^$|[^\p{L}\d-]/u.test(text.charAt(start - 1)) &&
      /\p{Lu}|^(?:señora?|monsieur|madame|signora?|pani|meneer|mevrouw)/iu.test(text.slice(start, start + 1)),
  },
  {
    words: naming,
    lead: afterNaming,
    parts: 2,
    pattern: surnameFirst,
    accepts: (text, start) => !namedThing.test(text.slice(Math.max(0, start - 14), start)),
  },
  {
    words: naming,
    lead: afterNaming,
    parts: 1,
    accepts: (text, start, nameStart, found) =>
      !namedThing.test(text.slice(Math.max(0, start - 14), start)) &&
      (partsOf(found) > 1 ||
        !/^name/i.test(text.slice(start, nameStart)) ||
        /\b(?:my|her|his|their|meu|mijn) name$/i.test(text.slice(Math.max(0, start - 8), start + 4))),
  },
  { words: nameKeys, lead: afterKey, parts: 1 },
  {
    words: ['name'],
    lead: afterKey,
    parts: 1,
    accepts: (text, start) =>
      /(?:first|last|full|middle|maiden|patient|customer|client|sender|recipient|father|mother)['’s]{0,2}[ _-]?$/i.test(
        text.slice(Math.max(0, start - 14), start),
      ),
  },
  { words: roles, lead: afterRole, parts: 2 },
  {
    words: kin,
    lead: / /y,
    parts: 1,
    accepts: (text, start, _nameStart, found) => /\p{Ll}/u.test(text.charAt(start)) && partsOf(found) < 4,
  },
  {
    words: ['with', 'from', 'by'],
    lead: / /y,
    parts: 2,
    accepts: (text, start) =>
      /(?:spoke|speak|talked|met|call|called|signed|letter|message|mail|seen|referred|treated|witnessed) $/i.test(
        text.slice(Math.max(0, start - 11), start),
      ),
  },
  {
    words: ['o'],
    lead: / /y,
    parts: 1,
    accepts: (text, start) => /c\/$/i.test(text.slice(Math.max(0, start - 2), start)),
  },
  {
    words: greetings,
    lead: afterGreeting,
    parts: 1,
    accepts: (text, start, nameStart, found) =>
      !/[\p{L}\d]/u.test(text.charAt(start - 1)) &&
      matchAt(endOfGreeting, text, nameStart + found.length) !== null,
  },
  {
    words: closings,
    lead: afterClosing,
    parts: 1,
    accepts: (text, start, nameStart, found) => {
      const after = text.slice(nameStart + found.length, nameStart + found.length + 3)
      const sameLine = !text.slice(start, nameStart).includes('\n')
      return /^[.,]?\s*(?:$|[\r\n])/.test(after) && (!sameLine || partsOf(found) > 1)
    },
  },
  {
    words: ['am', 'm'],
    lead: / /y,
    parts: 2,
    accepts: (text, start) => /(?:^|[^\p{L}])I[ '’]$/u.test(text.slice(Math.max(0, start - 3), start)),
  },
  {
    words: ['this'],
    lead: / is /y,
    parts: 2,
    accepts: (text, _start, nameStart, found) =>
      /^(?:,| (?:speaking|from|calling|again|here|at|of|with)\b|[.!]?(?:$|[\r\n]))/.test(
        text.slice(nameStart + found.length),
      ),
  },
]

const rulesByWord = new Map<string, Rule[]>()
for (const rule of rules) {
  for (const word of rule.words) rulesByWord.set(word, [...(rulesByWord.get(word) ?? []), rule])
}
const given = new Set(givenNames)

function find({ text }: DetectorInput, start: number, end: number, found: Found): void {
  const word = text.slice(start, end).toLowerCase()
  for (const { lead, parts, accepts, pattern } of rulesByWord.get(word) ?? []) {
    const between = matchAt(lead, text, end)
    if (between === null) continue
    const from = end + between[0].length
    const value = nameAt(text, from, pattern ?? name)
    if (value === undefined || partsOf(value) < parts || accepts?.(text, start, from, value) === false)
      continue
    found(from, from + value.length)
    return
  }
  if (
    !given.has(word) ||
    matchAt(one, text, start) === null ||
    /[\p{L}\d_@.'’/-]/u.test(text.charAt(start - 1))
  )
    return
  if (/(?:Mount|St\.?|Saint|Lake|Port|Cape|Fort|The) $/.test(text.slice(Math.max(0, start - 7), start)))
    return
  const value = nameAt(text, start)
  if (value === undefined || partsOf(value) < 2 || value.endsWith('.') || place.test(value)) return
  found(start, start + value.length)
}

export const personName: Detector = {
  kind: 'name',
  group: 'person',
  title: "person's name",
  covers: `after titles, greetings, "my name is", "Patient:" and before the end of a letter, in nine languages; one of ${givenNames.length} given names with a surname; and wherever else in the record a name found so stands`,
  misses:
    'other names without such words around them, in small letters, or in other scripts than Latin, Greek and Cyrillic',
  words: { list: [...new Set([...rulesByWord.keys(), ...givenNames])], find },
  token: {
    // `Clara Whitcombe <clara@…>`
    flags: tokenFlag.at,
    find({ text }, start, _end, found) {
      if (text.charAt(start - 1) !== '<' || text.charAt(start - 2) !== ' ') return
      const from = Math.max(0, start - 62)
      const before = beforeBracket.exec(text.slice(from, start - 2))
      const value = before === null ? undefined : nameAt(text, from + before.index)
      if (value !== undefined && before?.[0].length === value.length) found(from + before.index, start - 2)
    },
  },
  normalized: (value) => value.toLowerCase(),
  // Word by word, so that the surname alone later gets the same one.
  pseudonym: (_value, random) => madeUpName(random.integer(madeUpNameCount)),
}
