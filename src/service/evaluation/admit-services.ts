import { costText } from '../../evaluate/number-text.ts'
import type { RunServiceOptions } from '../run/run-event.ts'
import type { OpenedTask } from './open-task.ts'
import { quoteServices, type AskedOfServices } from './quote-services.ts'
import { addQuotes, quoteText, type Spending } from './spending.ts'

/** What services cost in one run: US dollars at most, and what it was; null where no price is known. */
export interface ServiceCost {
  readonly calls: number
  readonly quotedUsd: number | null
  readonly usd: number | null
}

/**
 * Says what services may cost before any of them is asked, and refuses what would be more than is allowed.
 *
 * @returns what it has cost by the time it is called; undefined where no service is asked
 * @throws HoneError `E_BUDGET`
 */
export async function admitServices(
  task: OpenedTask,
  asked: AskedOfServices,
  spending: Spending,
  options: RunServiceOptions,
): Promise<(() => ServiceCost) | undefined> {
  const quotes = await quoteServices(task, asked, options)
  if (quotes.length === 0) return undefined
  const lines = quotes.map(({ model, quote }) => quoteText(model, quote))
  options.onEvent?.({ type: 'phase', phase: 'evaluate', lines })
  spending.admit(quotes)
  const quotedUsd = addQuotes(quotes.map(({ quote }) => quote)).usd
  return () => ({
    calls: spending.calls,
    quotedUsd,
    usd: spending.unpriced > 0 ? null : spending.usd,
  })
}

export const costLine = ({ calls, usd, quotedUsd }: ServiceCost): string =>
  usd === null
    ? `cost      not known, ${calls} calls of services`
    : `cost      ${costText(usd)}, ${calls} calls of services${quotedUsd === null ? '' : `; quoted were at most ${costText(quotedUsd)}`}`
