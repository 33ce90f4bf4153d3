import { basename, extname } from 'node:path'
import { pathToFileURL } from 'node:url'
import { HoneError } from '../../core/errors.ts'
import type { Metric } from '../../evaluate/metrics/metric.ts'
import { userMetric, type UserScore } from '../../evaluate/metrics/user-metric.ts'

/**
 * A user's own metric: the function that a module exports by default. It is loaded and run with all rights of this program. A
 * TypeScript module needs a Node that runs TypeScript (22.18 or later), or one that was started with a loader for it.
 *
 * @param file absolute path
 * @throws HoneError `E_CONFIG` where it cannot be loaded, or exports no function
 */
export async function loadMetric(file: string): Promise<Metric> {
  let module: { readonly default?: unknown }
  try {
    module = await import(pathToFileURL(file).href)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    const isTypeScript = /^\.[cm]?ts$/.test(extname(file))
    throw new HoneError('E_CONFIG', `the metric cannot be loaded: ${reason.slice(0, 300)}`, {
      at: { file },
      hint: isTypeScript
        ? 'a TypeScript module needs Node 22.18 or later; with an earlier one compile it to .mjs'
        : 'name a JavaScript module (.mjs) whose default export is a function',
      cause,
    })
  }
  const score = module.default
  if (typeof score !== 'function') {
    throw new HoneError('E_CONFIG', 'the module has no function as its default export', {
      at: { file },
      hint: 'export default ({ expected, answer }) => expected === answer',
    })
  }
  return userMetric(idOf(file), score as UserScore)
}

/** The name of the file in small letters, digits and dashes. */
function idOf(file: string): string {
  const name = basename(file, extname(file)).toLowerCase()
  const id = name.replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-|-$/g, '')
  return id === '' ? 'metric' : id
}
