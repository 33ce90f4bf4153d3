import { ordinal } from '../../lib/ordinal.ts'
import { printableText } from '../../lib/printable-text.ts'
import type { ModelsServiceEvent } from '../../service/models/models-service.ts'
import type { RunEvent } from '../../service/run/run-event.ts'
import { bytesText, countText, plural, rateText, secondsText } from '../output/number-text.ts'
import { labelled } from '../output/labelled.ts'
import { plannedLines } from '../output/plan-lines.ts'
import { progressBar } from './progress-bar.ts'

type StepEvent = Extract<RunEvent, { type: 'step' }>
type DataProgress = Extract<RunEvent, { type: 'data-progress' }>

const verbs = {
  download: 'downloading',
  copy: 'copying',
  write: 'writing',
  measure: 'measuring what rounding costs:',
} as const

interface Counting {
  readonly key: string
  readonly since: number
  /** What was done when the count began: a resumed download is not fast. */
  readonly from: number
}

/**
 * What the events of a command mean to somebody who watches: lines that stay, and one line that says where things stand.
 * Knows no clock and no terminal.
 */
export class ProgressView {
  #live: ((now: number) => string) | undefined
  #counting: Counting | undefined
  #modelSince: number | undefined
  /** When the last event came. */
  #toldAt: number | undefined
  #saidTokens = false
  #training:
    | { readonly since: number; readonly first: number; last: StepEvent; validation: string }
    | undefined

  /** Where things stand. Undefined when nothing is under way, or has been for less than a second. */
  live(now: number): string | undefined {
    if (this.#live !== undefined) return this.#live(now)
    // Something loads, of which no event tells.
    const idle = this.#toldAt === undefined ? 0 : (now - this.#toldAt) / 1000
    return idle < 1 ? undefined : labelled('', [`… ${secondsText(idle)}`])[0]
  }

  /** Takes an event in; returns the lines that stay. */
  update(event: RunEvent, now: number): string[] {
    this.#toldAt = now
    const ended = this.#trainingEnded(event, now)
    return [...ended, ...this.#linesOf(event, now)]
  }

  /** Lines that say how the phase under way ended. */
  end(now: number): string[] {
    this.#live = undefined
    this.#toldAt = undefined
    return this.#closeTraining(now)
  }

  #linesOf(event: RunEvent, now: number): string[] {
    switch (event.type) {
      case 'base':
        return this.#model(event.event, now)
      case 'data': {
        const { training, validation, warnings } = event
        const records = `${plural(training, 'record')} to train on · ${plural(validation, 'record')} to validate with`
        return [...labelled('data', [records]), ...labelled('warning', warnings)]
      }
      case 'planned':
        return plannedLines(event.plan, { tokens: !this.#saidTokens })
      case 'warning':
        return labelled('warning', [event.message])
      case 'phase':
        this.#live = undefined
        if (event.phase === 'tokens') this.#saidTokens = true
        return labelled(event.phase, event.lines)
      case 'progress':
        this.#progress(event, now)
        return []
      case 'data-progress':
        this.#data(event, now)
        return []
      case 'look':
        return labelled('data', [
          `${printableText(event.file)} is a sealed test split: ${ordinal(event.looks)} look, written down`,
        ])
      case 'resumed':
        return labelled('train', [`goes on after step ${event.step}`])
      case 'checkpoint-damaged':
        return labelled('warning', [
          `a checkpoint cannot be read (${event.reason}); it is kept as ${event.file}`,
        ])
      case 'reference':
      case 'activations':
        this.#progress(
          { type: 'progress', phase: 'train', candidate: event.type, done: event.done, total: event.total },
          now,
        )
        return []
      case 'step':
        return this.#step(event, now)
      case 'validation':
        if (this.#training !== undefined) {
          this.#training.validation = event.loss.toFixed(3)
        }
        return []
      case 'early-stop':
        return labelled('train', [
          `stopped early after step ${event.step}: the validation loss no longer fell; best at step ${event.bestStep}`,
        ])
      case 'checkpoint':
      case 'epoch':
      default:
        return []
    }
  }

  #model(event: ModelsServiceEvent, now: number): string[] {
    this.#modelSince ??= now
    const since = this.#modelSince
    switch (event.type) {
      case 'lock-waited':
        this.#live = (at) =>
          `base      waiting for the process that works on ${event.id} · ${secondsText((at - since) / 1000)}`
        return labelled('base', [`another process works on ${event.id}; waiting for it`])
      case 'source-tried':
        this.#live = (at) => `base      ${event.source} … ${secondsText((at - since) / 1000)}`
        return []
      case 'source-failed':
        return labelled('base', [`${event.source}: ${event.reason}`])
      case 'source-chosen': {
        const size = event.bytes === undefined ? '' : `, ${bytesText(event.bytes)}`
        return labelled('base', [`from ${event.source}${size}`])
      }
      case 'progressed': {
        const { done, total, phase, file } = event
        const verb = verbs[phase]
        const label = (phase === 'write' || phase === 'measure' ? 'export' : 'base').padEnd(9)
        if (done === undefined || total === undefined) {
          this.#live = (at) => `${label} ${verb} ${file} · ${secondsText((at - since) / 1000)}`
          return []
        }
        const { rate, left } = this.#pace(`${verb} ${file}`, done, total, now)
        const speed = rate === undefined ? '' : ` · ${bytesText(rate)}/s · ${secondsText(left)} left`
        this.#live = () => `${label} ${verb} ${file} · ${bytesText(done)} of ${bytesText(total)}${speed}`
        return []
      }
      case 'download-retried':
        return labelled('base', [
          `${event.file}: cut at ${bytesText(event.done)}, goes on from there (${event.reason})`,
        ])
      case 'verify-started':
        this.#live = () => `base      checking ${event.file} · ${bytesText(event.bytes)}`
        return []
      case 'model-ready':
      default: {
        this.#live = undefined
        this.#modelSince = undefined
        const { id, bytes, licence, from, reused } = event
        if (reused) return labelled('base', [`${id} is here, from ${from}`])
        const took = secondsText((now - since) / 1000)
        return labelled('base', [
          `${id}: ${bytesText(bytes)}, ${licence ?? 'no licence named'}, from ${from}, ${took}`,
        ])
      }
    }
  }

  #progress(event: Extract<RunEvent, { type: 'progress' }>, now: number): void {
    const { phase, candidate = '', done, total } = event
    const { since, left, rate } = this.#pace(`${phase} ${candidate}`, done, total, now)
    const what = [phase.padEnd(9), candidate].filter((part) => part !== '').join(' ')
    const remaining = rate === undefined || done === total ? '' : ` · ${secondsText(left)} left`
    this.#live = (at) =>
      `${what}  ${done}/${total}  ${progressBar(done, total)}  ${secondsText((at - since) / 1000)}${remaining}`
  }

  #data(event: DataProgress, now: number): void {
    const { step, records, bytes, totalBytes } = event
    const { since, left } = this.#pace(step, bytes, totalBytes, now)
    const seconds = (now - since) / 1000
    // What only reads bytes knows no records.
    const perSecond = records === 0 ? bytesText(bytes / seconds) : `${countText(records / seconds)} records`
    const rate = seconds > 0 ? ` · ${perSecond}/s` : ''
    const remaining = Number.isFinite(left) && bytes < totalBytes ? ` · ${secondsText(left)} left` : ''
    const counted = records === 0 ? '' : ` · ${plural(records, 'record')}`
    this.#live = () =>
      `${step.padEnd(9)} ${bytesText(bytes)} of ${bytesText(totalBytes)}${counted}${rate}${remaining}`
  }

  #step(event: StepEvent, now: number): string[] {
    if (this.#training === undefined) {
      this.#training = { since: now, first: event.loss, last: event, validation: '' }
    }
    const training = this.#training
    training.last = event
    this.#live = () => `train     ${stepText(event, training.validation)}`
    return []
  }

  /** What is no longer part of the training ends it. */
  #trainingEnded(event: RunEvent, now: number): string[] {
    const isOther = event.type === 'phase' || event.type === 'progress' || event.type === 'planned'
    return isOther ? this.#closeTraining(now) : []
  }

  #closeTraining(now: number): string[] {
    const training = this.#training
    if (training === undefined) return []
    this.#training = undefined
    this.#live = undefined
    const { first, last, validation, since } = training
    const parts = [
      `step ${last.step}/${last.steps}`,
      `loss ${first.toFixed(2)} → ${last.loss.toFixed(2)}`,
      ...(validation === '' ? [] : [`validation ${validation}`]),
      ...preferenceParts(last),
      `${last.examplesPerSecond.toFixed(1)} examples/s`,
      secondsText((now - since) / 1000),
    ]
    return labelled('train', [parts.join(' · ')])
  }

  #pace(
    key: string,
    done: number,
    total: number,
    now: number,
  ): { since: number; rate: number | undefined; left: number } {
    if (this.#counting?.key !== key) this.#counting = { key, since: now, from: done }
    const { since, from } = this.#counting
    const seconds = (now - since) / 1000
    const rate = seconds > 0 && done > from ? (done - from) / seconds : undefined
    return { since, rate, left: rate === undefined ? Number.POSITIVE_INFINITY : (total - done) / rate }
  }
}

function preferenceParts({ rewardMargin, rewardAccuracy }: StepEvent): string[] {
  if (rewardMargin === undefined || rewardAccuracy === undefined) return []
  return [`margin ${rewardMargin.toFixed(2)}`, `${Math.round(rewardAccuracy * 100)} % right`]
}

/** What matters most comes first: a narrow terminal cuts the end. */
function stepText(event: StepEvent, validation: string): string {
  const { step, steps, epoch, loss, learningRate, examplesPerSecond, tokensPerSecond, memoryBytes } = event
  return [
    `step ${String(step).padStart(String(steps).length)}/${steps}`,
    `${secondsText(event.secondsLeft)} left`,
    `loss ${loss.toFixed(3)}`,
    ...(validation === '' ? [] : [`validation ${validation}`]),
    ...preferenceParts(event),
    `lr ${rateText(learningRate)}`,
    `${examplesPerSecond.toFixed(1)} examples/s`,
    `${tokensPerSecond.toFixed(0)} tokens/s`,
    bytesText(memoryBytes),
    `epoch ${epoch}`,
  ].join(' · ')
}
