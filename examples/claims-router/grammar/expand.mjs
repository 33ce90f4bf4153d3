/** A seeded generator (sfc32); the same seed gives the same numbers on every platform. */
export function createRandom(seed) {
  let [a, b, c, d] = [0x9e3779b9, 0x243f6a88, 0xb7e15162, seed >>> 0]
  const next = () => {
    const t = (((a + b) | 0) + d) | 0
    d = (d + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + t) | 0
    return (t >>> 0) / 4294967296
  }
  for (let i = 0; i < 16; i++) next()
  const integer = (below) => Math.floor(next() * below)
  const shuffle = (items) => {
    const copy = [...items]
    for (let i = copy.length - 1; i > 0; i--) {
      const j = integer(i + 1)
      ;[copy[i], copy[j]] = [copy[j], copy[i]]
    }
    return copy
  }
  return { next, integer, shuffle, chance: (probability) => next() < probability }
}

/**
 * Draws from each pool like from a deck of cards: everything once before anything twice, so that no phrase is worn out.
 * A pool is known by its name.
 */
export function createDealer(random) {
  const decks = new Map()
  return (name, items, fits = () => true) => {
    let deck = decks.get(name)
    if (deck === undefined) decks.set(name, (deck = []))
    let position = deck.findIndex(fits)
    if (position < 0) {
      deck.push(...random.shuffle(items))
      position = deck.findIndex(fits)
    }
    if (position < 0) throw new Error(`nothing in ${name} fits`)
    return deck.splice(position, 1)[0]
  }
}

/** Splits at top-level bars: `a|{b|c}` gives `a` and `{b|c}`. */
function alternatives(source) {
  const parts = ['']
  let depth = 0
  for (const character of source) {
    if (character === '{') depth++
    if (character === '}') depth--
    if (character === '|' && depth === 0) parts.push('')
    else parts[parts.length - 1] += character
  }
  return parts
}

function closingBrace(source, start) {
  let depth = 0
  for (let i = start; i < source.length; i++) {
    if (source[i] === '{') depth++
    if (source[i] === '}' && --depth === 0) return i
  }
  throw new Error(`no closing brace in: ${source}`)
}

export const capitalise = (text) => text.charAt(0).toUpperCase() + text.slice(1)

/** Resolves the choices, then the slots; `<When>` is `<when>` with a capital. */
export function expand(source, { deal, slots }) {
  const open = source.indexOf('{')
  if (open >= 0) {
    const close = closingBrace(source, open)
    const group = source.slice(open + 1, close)
    const choice = deal(`{${group}}`, alternatives(group))
    return expand(source.slice(0, open) + choice + source.slice(close + 1), { deal, slots })
  }
  return source.replace(/<(\w+)>/g, (_, name) => {
    const slot = slots[name] ?? slots[name.toLowerCase()]
    if (slot === undefined) throw new Error(`no slot <${name}>`)
    const text = slot()
    return slots[name] === undefined ? capitalise(text) : text
  })
}
