import { createHash } from 'node:crypto'
import type { JudgeConfig } from '../../config/judge-schema.ts'
import { HoneError } from '../../core/errors.ts'
import type { Message } from '../../core/example.ts'
import type { CandidateAnswer, EvaluatedExample } from '../../evaluate/evaluation.ts'
import { judgeAgreement, judgeStanding, type JudgeStanding } from '../../evaluate/judge/judge-agreement.ts'
import type { JudgeFacts, Judgement } from '../../evaluate/judge/judge-facts.ts'
import {
  preferenceMessages,
  readPreference,
  readScore,
  scoreMessages,
  type JudgedCase,
  type Rubric,
} from '../../evaluate/judge/judge-prompt.ts'
import type { CandidateAnswers } from '../../evaluate/read-candidate.ts'
import type { RunCandidate } from '../run/run-candidates.ts'
import { askCandidate, type AskOptions } from './ask-candidate.ts'
import { readRatings, type HumanRating } from './judge-ratings.ts'
import { judgeLines } from './judge-lines.ts'
import type { AskedModel } from './open-task.ts'

/** A judge that can be asked. */
export interface Judge {
  readonly config: JudgeConfig<string>
  readonly model: AskedModel
  readonly ask: AskOptions
  readonly seed: number | string
}

type Row = Omit<EvaluatedExample, 'read'>

interface Judged {
  readonly candidates: readonly CandidateAnswers[]
  readonly facts: JudgeFacts
}

/**
 * Lets a judge rate what people rated, then every answer, then every answer against that of the baseline, in both orders. Answers
 * that did not come are not shown to it, and get the worst.
 *
 * @throws HoneError `E_CONFIG` for a baseline that was not measured; what reading the ratings and asking throw
 */
export async function judgeAnswers(
  judge: Judge,
  rows: readonly Row[],
  candidates: readonly CandidateAnswers[],
): Promise<Judged> {
  const { config, model, seed } = judge
  const { against, ratings, scale, leastAgreement, trusted } = config
  const baseline = against === undefined ? undefined : candidates.find(({ id }) => id === against)
  if (against !== undefined && baseline === undefined) {
    throw new HoneError('E_CONFIG', `the judge compares with "${against}", which was not measured`, {
      hint: `measured are: ${candidates.map(({ id }) => id).join(', ')}`,
    })
  }
  const rated = ratings === undefined ? [] : await readRatings(ratings, scale, judge.ask.signal)
  const scores = await standingOf(judge, 'score', rated, seed, leastAgreement)
  const preferences =
    baseline === undefined ? null : await standingOf(judge, 'preference', rated, seed, leastAgreement)
  const cases = rows.map((row) => caseOf(config, row))
  const judged: CandidateAnswers[] = []
  for (const candidate of candidates) {
    const quality = await judgeScores(judge, cases, candidate)
    const better =
      baseline === undefined ? undefined : await judgePreferences(judge, cases, candidate, baseline)
    judged.push({
      ...candidate,
      answers: candidate.answers.map((answer, at) => ({
        ...answer,
        judgement: { ...quality[at]!, ...better?.[at], ...failureOf(quality[at], better?.[at]) },
      })),
    })
  }
  const all = judged.flatMap(({ answers }) => answers.map(({ judgement }) => judgement!))
  const compared = all.filter(({ orderAgrees }) => orderAgrees !== undefined)
  const facts: JudgeFacts = {
    model: model.id,
    scale,
    against: against ?? null,
    rubric: createHash('sha256').update(config.rubric).digest('hex'),
    judged: all.filter(({ failed }) => failed === undefined).length,
    failed: all.filter(({ failed }) => failed !== undefined).length,
    order:
      baseline === undefined
        ? null
        : {
            same: compared.filter(({ orderAgrees }) => orderAgrees === true).length,
            asked: compared.length,
          },
    scores,
    preferences,
    trusted,
  }
  judge.ask.onEvent?.({ type: 'phase', phase: 'evaluate', lines: judgeLines(facts) })
  return { candidates: judged, facts }
}

const failureOf = (...judgements: (Judgement | undefined)[]): Pick<Judgement, 'failed'> => {
  const failed = judgements.flatMap((each) => each?.failed ?? [])
  return failed.length === 0 ? {} : { failed: failed.join('; ') }
}

const rubricOf = ({ rubric, scale }: JudgeConfig<string>): Rubric => ({ text: rubric, scale })

const caseOf = (
  { showExpected }: JudgeConfig<string>,
  { input, expected }: { readonly input: string; readonly expected?: string },
): JudgedCase => ({ input, ...(showExpected && expected !== undefined ? { expected } : {}) })

/** What the judge replies to each question; a reply that did not come is undefined. */
async function replies(
  { config, model, ask }: Judge,
  title: string,
  questions: readonly (readonly Message[])[],
): Promise<(string | undefined)[]> {
  if (questions.length === 0) return []
  const { answers } = await askCandidate(judgeCandidate(config, title, questions), model, ask)
  return answers.map(({ answer, failed }) => (failed === undefined ? answer : undefined))
}

/** The judge as something that is asked. Greedy, so that it says the same again. */
const judgeCandidate = (
  { model, maxTokens, retries }: JudgeConfig<string>,
  title: string,
  questions: readonly (readonly Message[])[],
): RunCandidate => ({
  id: 'judge',
  title,
  description: title,
  model,
  settings: { maxTokens },
  ...(retries === undefined ? {} : { retries }),
  questions: questions.map((messages, at) => ({ exampleId: String(at), messages })),
})

/** All that a judge will be asked, for a quote. */
export function judgeQuestions<Candidate extends { readonly id: string }>(
  config: JudgeConfig<string>,
  rows: readonly Row[],
  rated: readonly HumanRating[],
  candidates: readonly Candidate[],
  answerOf: (candidate: Candidate, row: number) => string,
): Message[][] {
  const rubric = rubricOf(config)
  const inBothOrders = (judged: JudgedCase, one: string, other: string): Message[][] => [
    preferenceMessages(rubric, judged, [one, other]),
    preferenceMessages(rubric, judged, [other, one]),
  ]
  const baseline = candidates.find(({ id }) => id === config.against)
  return [
    ...rated.flatMap((rating) =>
      rating.kind === 'score'
        ? [scoreMessages(rubric, caseOf(config, rating), rating.answer)]
        : baseline === undefined
          ? []
          : inBothOrders(caseOf(config, rating), rating.first, rating.second),
    ),
    ...candidates.flatMap((candidate) =>
      rows.flatMap((row, at) => {
        const [judged, answer] = [caseOf(config, row), answerOf(candidate, at)]
        const alone = scoreMessages(rubric, judged, answer)
        if (baseline === undefined || baseline === candidate) return [alone]
        return [alone, ...inBothOrders(judged, answer, answerOf(baseline, at))]
      }),
    ),
  ]
}

const isAnswered = ({ failed }: CandidateAnswer): boolean => failed === undefined

async function judgeScores(
  judge: Judge,
  cases: readonly JudgedCase[],
  { id, answers }: CandidateAnswers,
): Promise<Judgement[]> {
  const { scale } = judge.config
  const places = [...answers.keys()].filter((at) => isAnswered(answers[at]!))
  const given = await replies(
    judge,
    `judge of ${id}`,
    places.map((at) => scoreMessages(rubricOf(judge.config), cases[at]!, answers[at]!.answer)),
  )
  const judgements = answers.map((): Judgement => ({ score: 1, quality: 0, reason: 'there is no answer' }))
  places.forEach((at, place) => {
    const reply = given[place]
    const read = reply === undefined ? undefined : readScore(reply, scale)
    judgements[at] =
      read === undefined
        ? { failed: reply === undefined ? 'the judge did not reply' : 'no score in the reply of the judge' }
        : { ...read, quality: (read.score - 1) / (scale - 1) }
  })
  return judgements
}

async function judgePreferences(
  judge: Judge,
  cases: readonly JudgedCase[],
  { id, answers }: CandidateAnswers,
  baseline: CandidateAnswers,
): Promise<Judgement[]> {
  if (id === baseline.id) return answers.map(() => ({ preference: 0.5 }))
  const theirs = baseline.answers
  const alike = (at: number): boolean => answers[at]!.answer === theirs[at]!.answer
  const places = [...answers.keys()].filter(
    (at) => isAnswered(answers[at]!) && isAnswered(theirs[at]!) && !alike(at),
  )
  const order = async (swapped: boolean): Promise<(string | undefined)[]> =>
    replies(
      judge,
      `judge of ${id} against ${baseline.id}, ${swapped ? 'second' : 'first'} order`,
      places.map((at) => {
        const both = [answers[at]!.answer, theirs[at]!.answer] as const
        return preferenceMessages(rubricOf(judge.config), cases[at]!, swapped ? [both[1], both[0]] : both)
      }),
    )
  const [straight, swapped] = [await order(false), await order(true)]
  const judgements = answers.map((answer, at): Judgement => {
    const [mine, other] = [isAnswered(answer), isAnswered(theirs[at]!)]
    return { preference: mine === other ? 0.5 : mine ? 1 : 0 }
  })
  places.forEach((at, place) => {
    judgements[at] = preferenceOf(straight[place], swapped[place])
  })
  return judgements
}

/** Both orders have to say the same; a judge that likes what it is shown first says nothing about the answers. */
function preferenceOf(straight: string | undefined, swapped: string | undefined): Judgement {
  if (straight === undefined || swapped === undefined) return { failed: 'the judge did not reply' }
  const [first, second] = [readPreference(straight), readPreference(swapped)]
  if (first === undefined || second === undefined)
    return { failed: 'no preference in the reply of the judge' }
  const back = { first: 'second', second: 'first', tie: 'tie' } as const
  const orderAgrees = first.preferred === back[second.preferred]
  const preference = !orderAgrees || first.preferred === 'tie' ? 0.5 : first.preferred === 'first' ? 1 : 0
  return { preference, orderAgrees }
}

async function standingOf(
  judge: Judge,
  kind: HumanRating['kind'],
  rated: readonly HumanRating[],
  seed: number | string,
  least: number,
): Promise<JudgeStanding> {
  const { config } = judge
  const rubric = rubricOf(config)
  if (kind === 'score') {
    const list = rated.filter((rating) => rating.kind === 'score')
    const given = await replies(
      judge,
      'judge of rated answers',
      list.map((rating) => scoreMessages(rubric, caseOf(config, rating), rating.answer)),
    )
    const scores = given.map(
      (reply) => (reply === undefined ? undefined : readScore(reply, config.scale))?.score,
    )
    return judgeStanding(
      judgeAgreement(
        list.map(({ rating }) => rating),
        scores.map((score) => score ?? Number.NaN),
        'scores',
        seed,
      ),
      least,
    )
  }
  const list = rated.filter((rating) => rating.kind === 'preference')
  const order = async (swapped: boolean): Promise<(string | undefined)[]> =>
    replies(
      judge,
      `judge of rated pairs, ${swapped ? 'second' : 'first'} order`,
      list.map(({ first, second, ...rating }) =>
        preferenceMessages(rubric, caseOf(config, rating), swapped ? [second, first] : [first, second]),
      ),
    )
  const [straight, swapped] = [await order(false), await order(true)]
  const numbers = { first: 1, tie: 0, second: -1 } as const
  return judgeStanding(
    judgeAgreement(
      list.map(({ preferred }) => numbers[preferred]),
      list.map((_, at) => {
        const { preference } = preferenceOf(straight[at], swapped[at])
        return preference === undefined ? Number.NaN : 2 * preference - 1
      }),
      'preferences',
      seed,
    ),
    least,
  )
}
