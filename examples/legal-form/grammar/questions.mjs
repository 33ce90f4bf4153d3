import { capitalise, createDealer, expand } from '../../claims-router/grammar/expand.mjs'
import { lines } from '../../claims-router/grammar/lines.mjs'
import { foreign, shouting, textMessage, typos } from '../../claims-router/grammar/registers.mjs'
import { outside, rules } from './rules.mjs'

const outsideCount = 30
const wrongRisks = 6
const wrongBases = 3

const asides = lines(`
{Greetings|Hello} from {the north quay|pier 3}.
{Trading|I have traded} here {for nine years|since 2016}, {never a complaint|always paid my dues}.
{Please|Kindly} {answer soon|be brief}.
{My wife|The accountant} {thinks|says} {it is nothing|I worry too much}.
{It was|We had} {the feast of lanterns|a storm warning}.
{I am|I'm} not {a lawyer|from here}.
{Forty|About sixty} {people|visitors} {saw it|stood around}.
{We sell|Mostly} {rope and tar|pickles}, {two tables|one awning}.
{The stall beside us|Next stall} {does the same|had it worse}.
{Asked|I asked} {the guild|old Maren} {already|first}, {no clear answer|she laughed}.
{Turnover|We take} {about 300 crowns|little} a day.
{Row|Pitch} {B|D}, {number 18|behind the customs house}.
{Thank you|Thanks} {in advance|for your time}.
{Weather|It} was {awful|fine}, {few customers|the quay was packed}.
`)

const months = ['April', 'May', 'June', 'July', 'August', 'September']
const dateForms = [
  (day, month) => `${day} ${months[month]}`,
  (day, month) => `${months[month]} ${day}`,
  (day, month) => `${day}.${month + 4}.`,
  (day, month) =>
    `the ${day}${['th', 'st', 'nd', 'rd'][day % 10 > 3 || (day > 10 && day < 14) ? 0 : day % 10]} of ${months[month]}`,
]
const numberWords = [
  '',
  'one',
  'two',
  'three',
  'four',
  'five',
  'six',
  'seven',
  'eight',
  'nine',
  'ten',
  'eleven',
  'twelve',
]

/** Writes all drafts, `{ question, fact, basis, risk, advice }`; some answers are wrong on purpose. */
export function createQuestions(random) {
  const deal = createDealer(random)
  const style = () =>
    deal('style', ['plain', 'plain', 'plain', 'plain', 'plain', 'plain', 'phone', 'typos', 'foreign', 'loud'])

  function dressed(text) {
    const whole = random.chance(0.45)
      ? random.chance(0.4)
        ? `${said('asides', asides, {})} ${text}`
        : `${text} ${said('asides', asides, {})}`
      : text
    switch (style()) {
      case 'phone':
        // Without the short form of "to", which would be read as a number.
        return textMessage(whole.replaceAll(/\bto\b/gi, 't\u0001'), random).replaceAll('t\u0001', 'to')
      case 'typos':
        return typos(whole, random)
      case 'foreign':
        return foreign(whole, random)
      case 'loud':
        return shouting(whole, random)
      default:
        return whole
    }
  }
  const said = (name, pool, slots, fits) =>
    capitalise(
      expand(deal(name, pool, fits).text, { deal, slots })
        .replace(/ {2,}/g, ' ')
        .replace(/ (?=[,.:?!])/g, '')
        .replaceAll('..', '.'),
    )

  function draft(rule) {
    const n = rule.boundary !== undefined && random.chance(0.1) ? rule.boundary : rule.draw(random)
    const facts = {}
    const slots = {
      n: () => (Number.isInteger(n) && numberWords[n] && random.chance(0.3) ? numberWords[n] : String(n)),
    }
    if (rule.options) {
      const [name, ...forms] = rule.options[n]
      facts.option = name
      slots.option = () => deal(`option ${name}`, forms)
    }
    if (rule.basis.startsWith('§ 5 ')) {
      const minute = 21 * 60 + n
      const [hour, rest] = [Math.floor(minute / 60), String(minute % 60).padStart(2, '0')]
      const forms = [`${hour}:${rest}`, `${hour}.${rest}`, `${hour - 12}:${rest} pm`]
      slots.clock = () => forms[deal('clock form', [0, 1, 2])]
    }
    if (rule.basis.startsWith('§ 7 ')) {
      facts.hire = 20 * (4 + random.integer(30))
      facts.deposit = (facts.hire * n) / 100
      slots.hire = () => String(facts.hire)
      slots.deposit = () => String(facts.deposit)
    }
    const first = 1 + random.integer(Math.max(1, 28 - n))
    const month = random.integer(months.length)
    const form = deal('date form', dateForms)
    if (rule.dated) {
      slots.from = () => form(first, month)
      slots.to = () => form(first + n, month)
    }
    // A pair of days lies in one month.
    const fits = ({ text }) => n <= 27 || !text.includes('<from>')
    const question = dressed(
      said(rule.basis, rule.ask, slots, fits)
        .replace(/\bone (days|hours)\b/g, (_, unit) => `one ${unit.slice(0, -1)}`)
        .replace(/\b1 (days|hours)\b/g, (_, unit) => `1 ${unit.slice(0, -1)}`),
    )
    const [, risk, advice] = rule.cases.find(([test]) => test(n))
    return { question, fact: rule.fact(n, facts), basis: rule.basis, risk, advice, rule }
  }

  function draftOutside() {
    const { text, fact } = deal('outside', outside)
    const question = dressed(capitalise(expand(text, { deal, slots: {} })))
    return {
      question,
      fact,
      basis: 'none in the HTA',
      risk: 'not assessed, the Act does not cover it',
      advice: 'Ask the town clinic for legal advice.',
    }
  }

  const seen = new Set()
  const fresh = (make) => {
    let next = make()
    while (seen.has(next.question)) next = make()
    seen.add(next.question)
    return next
  }
  const drafts = [
    ...rules.flatMap((rule) => Array.from({ length: rule.count }, () => fresh(() => draft(rule)))),
    ...Array.from({ length: outsideCount }, () => fresh(draftOutside)),
  ]
  return addNoise(drafts, random)
}

/** Some answers have the risk of another case of their section, or the section beside theirs. */
function addNoise(drafts, random) {
  const order = random.shuffle(drafts.filter(({ rule }) => rule !== undefined))
  const risky = new Set(order.slice(0, wrongRisks))
  const based = new Set(order.slice(wrongRisks, wrongRisks + wrongBases))
  return drafts.map((draft) => {
    if (risky.has(draft)) {
      const other = draft.rule.cases.filter(([, risk]) => risk !== draft.risk)
      const [, risk, advice] = other[random.integer(other.length)]
      return { ...draft, risk, advice }
    }
    if (!based.has(draft)) return draft
    const at = rules.indexOf(draft.rule)
    return { ...draft, basis: rules[at === 0 ? 1 : at - 1].basis }
  })
}
