import { capitalise } from '../../claims-router/grammar/expand.mjs'
import { typos } from '../../claims-router/grammar/registers.mjs'
import { conditions, medicines, symptoms } from './conditions.mjs'
import { drawDates, isoDate, writtenDate } from './dates.mjs'

const people = [
  '{age}-year-old {sex}',
  '{age}yo {letter}',
  '{letter}{age}',
  'pt, {age}, {sex}',
  '{sex}, {age} years',
  '{Sex} aged {age}',
]
const jobs = [
  'works nights',
  'retired',
  'teacher',
  'bus driver',
  'student',
  'carer for a parent',
  'back from a trip',
  'lives alone',
  'baker',
  'plays in an orchestra',
  'new to the practice',
  'keeps bees',
  'between jobs',
  'smoker, 10 a day',
  'never smoked',
]
const since = [
  'for three days',
  'since Sunday',
  'for about a week',
  'since the weekend',
  'on and off for a month',
  'for ten days now',
  'since last night',
  'these two weeks',
  'since spring',
  'getting worse',
]
const vitals = [
  'obs stable',
  'BP 128/76',
  'pulse 84 regular',
  'sats 97 % on air',
  'afebrile in clinic',
  'RR 16',
  'weight 71 kg',
  'BP 118/70, pulse 76',
  'looks well',
]
const allergies = [
  'NKDA',
  'no known allergies',
  'allergic to latex',
  'no drug allergies',
  'allergic to shellfish',
  '',
]
const denied = ['denies {s}', 'no {s}', 'no {s} reported', 'negative for {s}', '{s} absent']
const diagnosed = [
  'Dx: {d}',
  'Impression: {d}',
  'Assessment: {d}.',
  'this is {d}',
  'likely {d}',
  'A: {d}',
  'consistent with {d}',
  'I think {d}',
]
const doubted = [
  'first thought of {o}, but {d}',
  'not {o}; {d}',
  '{o} ruled out. {d}',
  'seen elsewhere as {o}; it is {d}',
]
const started = [
  'start {m}',
  'started on {m}',
  'Rx {m}',
  'given {m}',
  'prescribed {m}',
  'P: {m}',
  'will take {m}',
]
const frequency = [
  'bd',
  'twice daily',
  'once a day',
  'tds',
  'three times a day',
  'at night',
  'as needed',
  'for 7 days',
  'for 5/7',
  'with food',
  '',
]
const stopped = ['stop {m}', '{m} stopped', 'has run out of {m}, not renewed', 'will leave off {m}']
const kept = [
  'advised rest and fluids',
  'leaflet given',
  'safety-netted',
  'to call if worse',
  'sick note for a week',
  'diet talked through',
  'bloods sent',
  'partner present',
  'inhaler technique shown',
  'happy with the plan',
]
const followed = [
  'review {w}',
  'follow-up {w}',
  'f/u {w}',
  'see again {w}',
  'back {w}',
  'next visit {w}',
  'to return {w}',
  'recheck {w}',
  'appointment {w}',
]
const noFollowUp = ['no follow-up needed', 'discharged', 'f/u only if not better', 'see again as needed', '']

/** A note and what must be read from it. */
export function drawNote({ random, deal }) {
  const pick = (name, items) => deal(name, items)
  const condition = pick('conditions', conditions)
  const { visit, followUp, when } = drawDates(random)
  const has = condition.often.filter(() => random.chance(0.92))
  if (has.length === 0) has.push(condition.often[0])
  for (const may of random.shuffle(condition.may)) if (has.length < 5 && random.chance(0.4)) has.push(may)
  const absent = random
    .shuffle(Object.keys(symptoms))
    .filter((name) => !condition.often.includes(name) && !condition.may.includes(name))
    .slice(0, random.integer(3))
  const given = random
    .shuffle(condition.given)
    .slice(0, 1 + random.integer(Math.min(2, condition.given.length)))
  const nothing = random.chance(0.07)
  const prescribed = nothing ? [] : given
  const off = random.chance(0.16)
    ? random.shuffle(Object.keys(medicines)).find((name) => !condition.given.includes(name))
    : undefined

  const say = (name) => pick(`says ${name}`, symptoms[name])
  const age = 18 + random.integer(70)
  const sex = random.chance(0.5) ? 'woman' : 'man'
  const who = pick('people', people)
    .replace('{age}', age)
    .replace('{sex}', sex)
    .replace('{Sex}', capitalise(sex))
    .replace('{letter}', sex === 'woman' ? 'F' : 'M')
  const complaint = `${joined(has.map(say), random)} ${pick('since', since)}`
  const other = random.shuffle(conditions).find(({ code }) => code !== condition.code)
  const named = pick(condition.code, condition.names)
  const diagnosis = random.chance(0.14)
    ? pick('doubted', doubted)
        .replace('{o}', pick(`o ${other.code}`, other.names))
        .replace('{d}', named)
    : pick('diagnosed', diagnosed).replace('{d}', named)
  const parts = [
    `${who}${random.chance(0.5) ? `, ${pick('jobs', jobs)}` : ''}`,
    complaint,
    absent.length === 0 ? '' : pick('denied', denied).replace('{s}', absent.map(say).join(' or ')),
    pick(`f ${condition.code}`, condition.findings),
    random.chance(0.6) ? pick('vitals', vitals) : '',
    random.chance(0.4) ? pick('allergies', allergies) : '',
    diagnosis,
    nothing
      ? 'no medication needed'
      : pick('started', started).replace(
          '{m}',
          joined(
            prescribed.map((name) =>
              `${pick(`m ${name}`, medicines[name])} ${pick('frequency', frequency)}`.trim(),
            ),
            random,
          ),
        ),
    off === undefined ? '' : pick('stopped', stopped).replace('{m}', pick(`m ${off}`, medicines[off])),
    random.chance(0.55) ? pick('kept', kept) : '',
    followUp === null ? pick('none', noFollowUp) : pick('followed', followed).replace('{w}', when),
  ].filter((part) => part !== '')
  const clean = layout(parts, writtenDate(visit, random), random)
  const note = random.chance(0.12) ? typos(clean, random) : clean
  const answer = {
    diagnosis_icd10: condition.code,
    symptoms: has,
    prescribed_medications: prescribed,
    follow_up_date: followUp === null ? null : isoDate(followUp),
  }
  return { note, answer }
}

function joined(items, random) {
  if (items.length < 2) return items.join('')
  const last = random.chance(0.6) ? ' and ' : ' + '
  return random.chance(0.3) ? items.join(', ') : items.slice(0, -1).join(', ') + last + items.at(-1)
}

/** Sentences, lines, or what is typed in a hurry. */
function layout(parts, date, random) {
  const style = random.next()
  const head = random.chance(0.5) ? `${date}. ` : `Seen ${date}. `
  if (style < 0.45) return head + parts.map((part) => `${capitalise(part).replace(/\.$/, '')}.`).join(' ')
  if (style < 0.75) return `${date}\n${parts.map((part) => `- ${part}`).join('\n')}`
  const text = `${date}: ${parts.join('; ')}`
  return random.chance(0.5) ? text.toLowerCase() : text
}
