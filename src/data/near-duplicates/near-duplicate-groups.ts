import { NearDuplicateSearch, type NearDuplicateSearchOptions } from './near-duplicate-search.ts'

/**
 * Groups texts that are equal but for case, punctuation and a few words, as indices: disjoint, all texts covered, a text
 * without a like alone. See `NearDuplicateSearch`, which this gives the texts to.
 *
 * @throws HoneError `E_CONFIG` for a threshold outside (0, 1].
 */
export function nearDuplicateGroups(
  texts: readonly string[],
  options: Omit<NearDuplicateSearchOptions, 'capacity'> = {},
): readonly (readonly number[])[] {
  using search = new NearDuplicateSearch({ ...options, capacity: texts.length })
  for (const text of texts) search.learn(text)
  if (!search.sketchKept()) for (const text of texts) search.sketch(text)
  search.choose()
  for (const text of texts) search.gather(text)
  const linked = search.link()
  const groups = new Map<number, number[]>()
  texts.forEach((_, text) => {
    const root = linked.find(search.idOf(text))
    const group = groups.get(root)
    if (group === undefined) groups.set(root, [text])
    else group.push(text)
  })
  return [...groups.values()]
}
