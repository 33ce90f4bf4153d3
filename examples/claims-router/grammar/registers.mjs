const shortForms = [
  [/\byou\b/gi, 'u'],
  [/\byour\b/gi, 'ur'],
  [/\bplease\b/gi, 'pls'],
  [/\bbecause\b/gi, 'cos'],
  [/\band\b/gi, '&'],
  [/\btomorrow\b/gi, 'tmrw'],
  [/\bthanks\b/gi, 'thx'],
  [/\bnumber\b/gi, 'nr'],
  [/\bto\b/gi, '2'],
  [/\bwith\b/gi, 'w/'],
  [/\bsomeone\b/gi, 'sb'],
]

/** A phone in a hurry: lower case, few marks, some short forms. */
export function textMessage(text, random) {
  let result = text.replaceAll('\n', ' ').toLowerCase()
  for (const [pattern, short] of shortForms) if (random.chance(0.5)) result = result.replace(pattern, short)
  if (random.chance(0.6)) result = result.replaceAll("'", '')
  if (random.chance(0.5)) result = result.replace(/[.:;](?= )/g, random.chance(0.5) ? ',' : '')
  return result.replace(/\.$/, '')
}

/** Notes: no articles, no subject at the start of a sentence. */
export function terse(text) {
  return text
    .replace(/\b(?:the|a|an) /gi, '')
    .replace(/(^|[.!?] )(?:I was|I am|I have|We have|There is|It is|It was|I|We) /g, '$1')
    .replace(/(^|[.!?]\s)([a-z])/g, (_, before, letter) => before + letter.toUpperCase())
}

/** Somebody whose own language has no articles, or other tenses. */
export function foreign(text, random) {
  return text
    .replace(/\b(?:the|a|an) /g, (article) => (random.chance(0.6) ? '' : article))
    .replace(/\bis\b/g, (word) => (random.chance(0.2) ? 'are' : word))
    .replace(/\bI have\b/g, () => (random.chance(0.5) ? 'I am having' : 'I have'))
    .replace(/\bdid not\b/g, () => (random.chance(0.5) ? 'not did' : 'did not'))
    .replace(/\bvery\b/g, 'much')
}

const keep = /^(?:nobody|never|nothing|without|injured|unhurt)$/i

/** Some slips of the finger, never in a number or a negation. */
export function typos(text, random) {
  const parts = text.split(/(\s+)/)
  const candidates = parts.flatMap((part, index) =>
    /^[a-z]{5,}$/i.test(part) && !keep.test(part) ? [index] : [],
  )
  for (const index of random.shuffle(candidates).slice(0, 1 + random.integer(1 + parts.length / 16))) {
    const word = parts[index]
    const at = 1 + random.integer(word.length - 2)
    const slips = [
      () => word.slice(0, at) + word[at + 1] + word[at] + word.slice(at + 2),
      () => word.slice(0, at) + word.slice(at + 1),
      () => word.slice(0, at) + word[at] + word.slice(at),
    ]
    parts[index] = slips[random.integer(slips.length)]()
  }
  return parts.join('')
}

/** One or two words in capitals, and marks. */
export function shouting(text, random) {
  const parts = text.split(' ')
  const long = parts.flatMap((part, index) => (/^[a-z]{4,}$/.test(part) ? [index] : []))
  for (const index of random.shuffle(long).slice(0, 2)) parts[index] = parts[index].toUpperCase()
  return parts.join(' ').replace(/\.(?=$| [A-Z])/, random.chance(0.5) ? '!!' : '!')
}

const headings = [
  { event: 'What happened', cost: 'Amount', policy: 'Policy', people: 'Injured', rest: 'Remarks' },
  {
    event: 'Description of loss',
    cost: 'Estimated cost',
    policy: 'Contract',
    people: 'Injuries',
    rest: 'Other',
  },
  { event: 'CIRCUMSTANCES', cost: 'SUM', policy: 'POLICY NO', people: 'PERSONS', rest: 'NOTES' },
  { event: 'Details', cost: 'Costs', policy: 'Customer', people: 'People', rest: 'Comment' },
  { event: 'Your message', cost: 'Claimed', policy: 'Pol.', people: 'Anyone hurt?', rest: 'More' },
]

const repeated =
  /^(?:\(?(?:policy|contract|pol\.|number|my|our|ref\.|no\.|is|costs|damage|bill|invoice)\b[ :.]*)+/i

/** A web form: a heading and its field on each line; what has no heading of its own shares one. */
export function form(pieces, random) {
  const names = headings[random.integer(headings.length)]
  const fields = new Map()
  for (const { kind, text } of pieces) {
    const name = names[kind] ?? names.rest
    const own = (kind === 'policy' && /\d/.test(text)) || kind === 'cost'
    const value = own ? text.replace(repeated, '').replace(/[).]+$/, '') : text
    fields.set(name, fields.has(name) ? `${fields.get(name)} ${value}` : value)
  }
  return [...fields].map(([name, value]) => `${name}: ${value}`).join('\n')
}
