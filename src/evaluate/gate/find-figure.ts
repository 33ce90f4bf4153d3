import { HoneError } from '../../core/errors.ts'
import { closestWord } from '../../lib/closest-word.ts'
import type { FigureTexts } from '../comparison/row-table.ts'

/**
 * The figure that a rule names: by id or title, apart from case and separators (`macro_f1`, `Macro-F1`), or by the end of
 * an id where only one ends so (`p95` for `latency-p95`).
 *
 * @throws HoneError `E_CONFIG` with what was probably meant
 */
export function findFigure(name: string, figures: readonly FigureTexts[]): FigureTexts {
  const wanted = bare(name)
  const exact = figures.find(({ id, title }) => bare(id) === wanted || bare(title) === wanted)
  if (exact !== undefined) return exact
  const ending = figures.filter(({ id }) => id.toLowerCase().endsWith(`-${name.toLowerCase()}`))
  if (ending.length === 1) return ending[0]!
  const ids = figures.map(({ id }) => id)
  const meant = closestWord(name, ids)
  const hint =
    ending.length > 1
      ? `it may be ${ending.map(({ id }) => id).join(' or ')}`
      : meant === undefined
        ? `measured are: ${ids.join(', ')}`
        : `did you mean "${meant}"?`
  throw new HoneError('E_CONFIG', `there is no figure "${name}"`, { hint })
}

const bare = (name: string): string => name.toLowerCase().replaceAll(/[\s_.-]/g, '')
