import { confusions, mistaken } from './rationale.mjs'

/** Records whose label is changed in place, and copies of records that get a second, contradicting label. */
const flips = 7
const exactCopies = 3
const nearCopies = 3

/**
 * About 2 % of labels are wrong, as where people label in a hurry: seven plain mistakes, three exact copies and three
 * near copies with another label.
 */
export function addNoise(drafts, random) {
  const order = random.shuffle(drafts.filter(({ user }) => user.length < 400))
  const wrong = (draft) => {
    const routes = confusions[draft.route]
    const route = routes[random.integer(routes.length)]
    const rationales = mistaken[route]
    return { ...draft, route, rationale: rationales[random.integer(rationales.length)] }
  }
  const flipped = new Set(order.slice(0, flips))
  const exact = order.slice(flips, flips + exactCopies).map(wrong)
  const near = order.slice(flips + exactCopies, flips + exactCopies + nearCopies).map((draft) => {
    const copy = wrong(draft)
    return {
      ...copy,
      user: `${copy.user.replace(/[.!]$/, '')} - ${['resent', 'copy by fax', 'scan'][random.integer(3)]}`,
    }
  })
  return [...drafts.map((draft) => (flipped.has(draft) ? wrong(draft) : draft)), ...exact, ...near]
}
