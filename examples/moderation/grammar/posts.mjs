import { capitalise, createDealer, expand } from '../../claims-router/grammar/expand.mjs'
import { foreign, shouting, textMessage, typos } from '../../claims-router/grammar/registers.mjs'
import { attack, attackButHard } from './attack.mjs'
import { asides, hosts, names, towns, vegetables } from './extras.mjs'
import { fine, fineButHard } from './fine.mjs'
import { offTopic, offTopicButHard } from './off-topic.mjs'
import { spam, spamButHard } from './spam.mjs'

/** How many posts of each kind, and what stands beside them: a second sentence that changes nothing, or decides. */
const plan = [
  { label: 'FINE', pool: fine, name: 'fine', count: 122 },
  { label: 'FINE', pool: fineButHard, name: 'fine hard', count: 58 },
  { label: 'OFF_TOPIC', pool: offTopic, name: 'off', count: 84 },
  { label: 'OFF_TOPIC', pool: offTopicButHard, name: 'off hard', count: 26 },
  { label: 'SPAM', pool: spam, name: 'spam', count: 70 },
  { label: 'SPAM', pool: spamButHard, name: 'spam hard', count: 28 },
  { label: 'PERSONAL_ATTACK', pool: attack, name: 'attack', count: 66 },
  { label: 'PERSONAL_ATTACK', pool: attackButHard, name: 'attack hard', count: 28 },
  // Two rules meet: the one that comes first in prompt.txt decides.
  { label: 'PERSONAL_ATTACK', pool: attack, name: 'attack', before: ['fine', fine], count: 10 },
  { label: 'PERSONAL_ATTACK', pool: attack, name: 'attack', before: ['off', offTopic], count: 5 },
  { label: 'SPAM', pool: spam, name: 'spam', before: ['off', offTopic], count: 6 },
  { label: 'SPAM', pool: spam, name: 'spam', before: ['fine', fine], count: 9 },
]

/** Labels that a hurried moderator takes for each other. */
const confusions = {
  FINE: ['OFF_TOPIC', 'PERSONAL_ATTACK'],
  OFF_TOPIC: ['FINE', 'SPAM'],
  SPAM: ['FINE', 'OFF_TOPIC'],
  PERSONAL_ATTACK: ['FINE', 'OFF_TOPIC'],
}
const flips = 8
const copies = 2

/** Writes all posts: `{ post, label }`, in the order of the plan, then with some labels changed on purpose. */
export function createPosts(random) {
  const deal = createDealer(random)
  const slots = {
    veg: () => deal('vegetables', vegetables),
    name: () => deal('names', names),
    town: () => deal('towns', towns),
    price: () =>
      deal('price form', [
        () => `$${90 + random.integer(900)}`,
        () => `${4 + random.integer(60)}.90 euros`,
        () => `€${100 + 50 * random.integer(60)}`,
        () => `${20 + 5 * random.integer(30)} bucks`,
      ])(),
    url: () =>
      deal('address form', [
        () => `www.${deal('hosts', hosts)}.example`,
        () => `https://${deal('hosts', hosts)}.example/${random.integer(900) + 100}`,
        () => `${deal('hosts', hosts)}.example`,
        () => `(${deal('hosts', hosts)} dot example)`,
      ])(),
  }
  const say = (name, pool) =>
    capitalise(
      expand(deal(name, pool).text, { deal, slots })
        .replace(/ {2,}/g, ' ')
        .replace(/ (?=[,.:?!])/g, ''),
    )
  const style = () =>
    deal('style', ['plain', 'plain', 'plain', 'plain', 'plain', 'phone', 'phone', 'typos', 'foreign', 'loud'])

  function draft({ pool, name, before }) {
    const parts = [say(name, pool)]
    if (before) parts.unshift(say(...before))
    if (random.chance(0.4)) parts[random.chance(0.4) ? 'unshift' : 'push'](say('asides', asides))
    const text = parts.join(' ')
    switch (style()) {
      case 'phone':
        return textMessage(text, random)
      case 'typos':
        return typos(text, random)
      case 'foreign':
        return foreign(text, random)
      case 'loud':
        return shouting(text, random)
      default:
        return text
    }
  }

  const seen = new Set()
  const posts = plan.flatMap((kind) =>
    Array.from({ length: kind.count }, () => {
      let post = draft(kind)
      while (seen.has(post)) post = draft(kind)
      seen.add(post)
      return { post, label: kind.label }
    }),
  )
  return addNoise(posts, random)
}

/** Eight labels are plain mistakes; two posts are there twice, with two labels. */
function addNoise(posts, random) {
  const order = random.shuffle(posts)
  const wrong = (entry) => ({ ...entry, label: confusions[entry.label][random.integer(2)] })
  const flipped = new Set(order.slice(0, flips))
  return [
    ...posts.map((entry) => (flipped.has(entry) ? wrong(entry) : entry)),
    ...order.slice(flips, flips + copies).map(wrong),
  ]
}
