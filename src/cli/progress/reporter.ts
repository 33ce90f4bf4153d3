import { displayWidth } from '../../lib/display-width.ts'
import { printableText } from '../../lib/printable-text.ts'
import type { RunEvent } from '../../service/run/run-event.ts'
import type { Output } from '../output/output.ts'
import type { Paint } from '../output/paint.ts'
import { ProgressView } from './progress-view.ts'

/** Shows progress on standard error. */
export interface Reporter {
  show(event: RunEvent): void
  /** Takes the moving line away, so that something else can be written. */
  pause(): void
  end(): void
}

export interface ReporterSettings {
  readonly output: Pick<Output, 'write' | 'lines' | 'columns'>
  /** One line that is written over and over, as a terminal can; else plain lines. */
  readonly isLive: boolean
  readonly paint: Paint
  readonly now: () => number
  /** Calls back about once a second until it is stopped. */
  readonly startTicker?: ((tick: () => void) => () => void) | undefined
}

/** Between two versions of the moving line. */
const redrawMilliseconds = 100
/** Between two plain lines. */
const plainMilliseconds = 10_000
const clearLine = '\r\u001b[2K'

export function createReporter(settings: ReporterSettings): Reporter {
  return settings.isLive ? new TerminalReporter(settings) : new PlainReporter(settings)
}

class TerminalReporter implements Reporter {
  readonly #settings: ReporterSettings
  readonly #view = new ProgressView()
  readonly #stopTicker: () => void
  #drawnAt = Number.NEGATIVE_INFINITY
  #drawn = ''

  constructor(settings: ReporterSettings) {
    this.#settings = settings
    this.#stopTicker = (settings.startTicker ?? everySecond)(() => this.#draw())
  }

  show(event: RunEvent): void {
    const lines = this.#view.update(event, this.#settings.now())
    if (lines.length > 0) {
      this.pause()
      this.#settings.output.lines(lines.map(printed))
    }
    this.#draw()
  }

  pause(): void {
    if (this.#drawn !== '') this.#settings.output.write(clearLine)
    this.#drawn = ''
    this.#drawnAt = Number.NEGATIVE_INFINITY
  }

  end(): void {
    this.#stopTicker()
    this.pause()
    this.#settings.output.lines(this.#view.end(this.#settings.now()).map(printed))
  }

  #draw(): void {
    const { now, output, paint } = this.#settings
    const at = now()
    if (at - this.#drawnAt < redrawMilliseconds) return
    const live = this.#view.live(at)
    // The last column stays free: some terminals wrap when it is written.
    const text = live === undefined ? '' : fitted(printed(live), output.columns - 1)
    if (text === this.#drawn) return
    output.write(clearLine + paint.faint(text))
    this.#drawn = text
    this.#drawnAt = at
  }
}

class PlainReporter implements Reporter {
  readonly #settings: ReporterSettings
  readonly #view = new ProgressView()
  #saidAt: number

  constructor(settings: ReporterSettings) {
    this.#settings = settings
    this.#saidAt = settings.now()
  }

  show(event: RunEvent): void {
    const { now, output } = this.#settings
    const at = now()
    const lines = this.#view.update(event, at)
    output.lines(lines.map(printed))
    if (lines.length > 0 || at - this.#saidAt < plainMilliseconds) return
    const live = this.#view.live(at)
    if (live === undefined) return
    output.lines([printed(live)])
    this.#saidAt = at
  }

  pause(): void {
    // Nothing moves.
  }

  end(): void {
    this.#settings.output.lines(this.#view.end(this.#settings.now()).map(printed))
  }
}

const printed = (line: string): string => printableText(line)

function fitted(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text
  let end = text.length
  while (end > 0 && displayWidth(text.slice(0, end)) > columns - 1) end--
  return `${text.slice(0, end)}…`
}

function everySecond(tick: () => void): () => void {
  const timer = setInterval(tick, 1_000)
  timer.unref()
  return () => clearInterval(timer)
}
