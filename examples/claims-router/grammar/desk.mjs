import * as auto from './auto.mjs'
import { capitalise, createDealer, expand } from './expand.mjs'
import * as fraud from './fraud.mjs'
import * as other from './other.mjs'
import { losses, plan, routeOf, tailOf } from './plan.mjs'
import * as questions from './questions.mjs'
import { frames } from './rationale.mjs'
import { form, foreign, shouting, terse, textMessage, typos } from './registers.mjs'
import * as shared from './shared.mjs'
import { createSlots } from './slots.mjs'
import { tails } from './tails.mjs'

/** Rare or easily mistaken matters; people dwell on them, and a reader needs more to go by. */
const clearThemes = new Set(['hurt', 'suspicious', 'duplicate', 'dispute', 'otherLoss'])

const ownPools = {
  vulnerable: auto.vulnerable,
  injuryAbroad: auto.injuryAbroad,
  suspicion: fraud.suspicion,
  question: questions.question,
}

const wordCount = (pieces) => pieces.reduce((sum, { text }) => sum + text.split(/\s+/).length, 0)

/** Writes all drafts: `{ user, route, rationale }`, no user text twice. */
export function createDesk(random) {
  const deal = createDealer(random)
  const { amountOf, datePair, say } = createSlots(random, deal)
  const register = () =>
    deal('register', [
      ...Array(11).fill('plain'),
      ...Array(3).fill('terse'),
      ...Array(3).fill('sms'),
      ...Array(3).fill('typos'),
      ...Array(3).fill('foreign'),
      ...Array(2).fill('angry'),
      ...Array(3).fill('form'),
    ])
  const pick = (name, items, more, fits) => {
    const { text, fact, tag } = deal(name, items, fits)
    return { text: say(text, more), fact, tag }
  }

  function draft(kind) {
    const timeless = kind.dates !== undefined
    const pool = ownPools[kind.loss] ?? losses[kind.loss].pool
    const money = { small: () => amountOf('small'), big: () => amountOf('big') }
    let fits = ({ tag }) =>
      !(tag === 'absent' && ['injury', 'injuryLate', 'noInjuryTricky'].includes(kind.people))
    if (kind.loss === 'travel' && kind.cost === 'big')
      fits = ({ fact }) => /heart|stroke|surgery|fall|tropical|ski|hiking/.test(fact)
    // A message that argues with dates must not bring a third one, nor frost in June.
    if (timeless) fits = ({ text }) => !/<(?:when|day|date)>|snow|frost|\bice\b|skiing/i.test(text)
    const event = pick(`loss ${kind.loss}`, pool, money, fits)
    let fact = event.fact

    const core = [{ kind: 'event', text: event.text }]
    const addCore = (name, items, more, test, place = 'after') => {
      const piece = pick(name, items, more, test)
      core[place === 'before' ? 'unshift' : 'push']({ kind: name.split(' ')[0], text: piece.text })
      return piece
    }
    const peopleFit = ({ tag }) =>
      event.tag === 'absent' || kind.loss !== 'crash'
        ? tag === 'any'
        : event.tag === 'alone'
          ? tag !== 'other'
          : true
    if (kind.people === 'noInjury' ? random.chance(0.5) : kind.people === 'perhaps' && random.chance(0.25))
      addCore('people none', auto.noInjury, {}, peopleFit, random.chance(0.2) ? 'before' : 'after')
    if (kind.people === 'noInjuryTricky') addCore('people tricky', auto.noInjuryTricky, {}, peopleFit)
    if (kind.people === 'injury') fact = addCore('people hurt', auto.injury, {}, peopleFit).fact
    if (kind.people === 'injuryLate') fact = addCore('people late', auto.injuryLate, {}, peopleFit).fact

    const loss = losses[kind.loss]
    const priced = kind.cost ?? (loss !== undefined && random.chance(0.35) ? 'small' : undefined)
    let amount = ''
    if (priced !== undefined) {
      amount = amountOf(priced)
      const side = loss?.repair ? 'repair' : 'cost'
      const sum = { small: () => amount, big: () => amount }
      const items = {
        repairsmall: other.repairSmall,
        repairbig: other.repairBig,
        costsmall: other.costSmall,
        costbig: other.costBig,
      }
      addCore(`cost ${side} ${priced}`, items[side + priced], sum)
    }
    const policy =
      kind.policy ?? (random.chance(kind.loss === 'suspicion' ? 0.15 : 0.42) ? 'given' : undefined)
    if (policy === 'missing')
      addCore('policy missing', shared.policyMissing, {}, undefined, random.chance(0.35) ? 'before' : 'after')
    if (policy === 'given')
      addCore('policy given', shared.policyGiven, {}, undefined, random.chance(0.3) ? 'before' : 'after')
    if (timeless) {
      const piece = addCore(
        `dates ${kind.dates}`,
        kind.dates === 'bad' ? fraud.badDates : fraud.goodDates,
        datePair(),
        undefined,
        random.chance(0.4) ? 'before' : 'after',
      )
      if (kind.dates === 'bad') fact = piece.fact
    }
    let voice = event.tag
    if (kind.duplicate) {
      const piece = addCore('rest duplicate', fraud.duplicate)
      fact = piece.fact
      voice = piece.tag
    }
    if (kind.dispute) {
      const piece = addCore(
        'rest dispute',
        other.dispute,
        {},
        undefined,
        random.chance(0.3) ? 'before' : 'after',
      )
      if (kind.people !== 'injury') fact = piece.fact
    }
    if (kind.asked)
      addCore('rest asked', questions.lossAsQuestion, {}, undefined, random.chance(0.3) ? 'before' : 'after')

    const route = routeOf(kind)
    if (route === 'MANUAL_REVIEW' && kind.cost === 'big')
      fact =
        kind.policy === 'missing'
          ? `${amount} claimed without a policy number`
          : `vehicle damage of ${amount} is over the limit`

    let theme = kind.people?.startsWith('injury') ? 'hurt' : tailOf[kind.loss]
    if (kind.dispute && kind.people === undefined) theme = 'dispute'
    if (kind.duplicate) theme = 'duplicate'
    const tailFits = ({ tag }) => tag === '' || tag === voice
    const clear = clearThemes.has(theme)
    if (random.chance(clear ? 1 : 0.88)) addCore(`tail ${theme}`, tails[theme], {}, tailFits)
    if (random.chance(clear ? 0.5 : 0.35)) addCore(`tail ${theme}`, tails[theme], {}, tailFits)

    const style = register()
    const user =
      style === 'form' && route !== 'COVERAGE_QUESTION' ? asForm(core) : asLetter(core, kind, style)
    const frame = deal(`frame ${route}`, frames[route])
    // The fact is the subject of some frames and follows a colon in others.
    const rationale = capitalise(expand(frame.text, { deal, slots: { fact: () => fact } }))
    return { user, route, rationale }
  }

  function asForm(core) {
    const pieces = random.chance(0.4)
      ? [...core, { kind: 'rest', text: pick('aside', shared.aside).text }]
      : core
    const first = pieces.filter(({ kind }) => kind === 'event')
    return form(
      random.chance(0.6) ? [...first, ...pieces.filter(({ kind }) => kind !== 'event')] : pieces,
      random,
    )
  }

  function asLetter(core, kind, style) {
    const isQuestion = kind.loss === 'question'
    const budget = 24 + random.integer(34)
    const before = []
    const after = []
    const room = () => budget - wordCount([...before, ...core, ...after])
    const extras = random.shuffle([
      ['opening', 0.26],
      ['aside', 0.22],
      ['distractor', isQuestion ? 0.05 : 0.14],
      ['closing', 0.25],
      ['nothing', isQuestion ? 0.6 : 0],
    ])
    for (const [extra, probability] of extras) {
      if (!random.chance(probability) || room() < 4) continue
      if (extra === 'opening')
        before.unshift(
          isQuestion ? pick('question opening', questionOpenings) : pick('opening', shared.opening),
        )
      else if (extra === 'closing')
        after.push({ ...pick('closing', isQuestion ? closingsOfQuestions : shared.closing), last: true })
      else if (extra === 'nothing') core.push(pick('nothing happened', questions.nothingHappened))
      else if (extra === 'distractor')
        (random.chance(0.3) ? before : after).push(pick('distractor', shared.distractor))
      else (random.chance(0.25) ? before : after).push(pick('aside', shared.aside))
    }
    if (style === 'angry') (random.chance(0.5) ? before : after).push(pick('angry', shared.angry))
    if (style === 'foreign' && random.chance(0.6))
      (random.chance(0.5) ? before : after).push(pick('foreign', shared.nonNative))
    after.sort((a, b) => Number(a.last ?? false) - Number(b.last ?? false))

    const body = [...before, ...core, ...after].map(({ text }) => text).join(' ')
    let text = body
    if (style === 'terse') text = terse(text)
    if (style === 'foreign') text = foreign(text, random)
    if (style === 'typos') text = typos(text, random)
    if (style === 'angry') text = shouting(text, random)
    if (style !== 'terse' && random.chance(0.38)) {
      const hello = expand(deal('greeting', shared.greeting).text, { deal, slots: {} })
      text = random.chance(0.3) ? `${hello}\n${text}` : `${hello} ${text}`
    }
    if (style === 'sms') text = textMessage(text, random)
    if (style !== 'sms' && random.chance(0.09)) text = `${pick('subject', shared.subject).text}\n${text}`
    return text
  }

  const questionOpenings = shared.questionOpening
  const closingsOfQuestions = shared.closing.filter(
    ({ text }) => !/repairs|assessor|Photos|bills|after five/.test(text),
  )

  const seen = new Set()
  const drafts = []
  for (const kind of plan) {
    for (let i = 0; i < kind.count; i++) {
      let next = draft(kind)
      while (seen.has(next.user)) next = draft(kind)
      seen.add(next.user)
      drafts.push(next)
    }
  }
  return { drafts }
}
