import * as auto from './auto.mjs'
import * as other from './other.mjs'
import * as property from './property.mjs'
import { travel } from './travel.mjs'

/** Losses that may be claimed with dates, twice, or by a lawyer, by the route they would have otherwise. */
export const losses = {
  crash: { pool: auto.crash, route: 'AUTO_FAST_TRACK', repair: true },
  parked: { pool: auto.parked, route: 'AUTO_FAST_TRACK', repair: true },
  weatherOnCar: { pool: auto.weatherOnCar, route: 'AUTO_FAST_TRACK', repair: true },
  water: { pool: property.water, route: 'PROPERTY_WATER' },
  waterInStorm: { pool: property.waterInStorm, route: 'PROPERTY_WATER' },
  storm: { pool: property.storm, route: 'PROPERTY_STORM' },
  stormWithWater: { pool: property.stormWithWater, route: 'PROPERTY_STORM' },
  travel: { pool: travel, route: 'TRAVEL_MEDICAL' },
  otherLoss: { pool: other.otherLoss, route: 'MANUAL_REVIEW' },
}

/** How many records of each kind: the loss, what is added to it, and so the route (`routeOf`). */
export const plan = [
  { count: 41, loss: 'crash', people: 'noInjury' },
  { count: 42, loss: 'parked', people: 'perhaps' },
  { count: 8, loss: 'weatherOnCar' },
  { count: 5, loss: 'crash', people: 'noInjury', policy: 'missing', cost: 'small' },
  { count: 3, loss: 'parked', asked: true },
  { count: 4, loss: 'crash', people: 'noInjury', dates: 'good' },
  { count: 6, loss: 'crash', people: 'noInjuryTricky' },
  { count: 31, loss: 'crash', people: 'injury' },
  { count: 28, loss: 'vulnerable' },
  { count: 13, loss: 'crash', people: 'injuryLate' },
  { count: 6, loss: 'injuryAbroad' },
  { count: 3, loss: 'crash', people: 'injury', dispute: true },
  { count: 3, loss: 'crash', people: 'injury', policy: 'missing', cost: 'big' },
  { count: 81, loss: 'water' },
  { count: 8, loss: 'waterInStorm' },
  { count: 4, loss: 'water', policy: 'missing', cost: 'small' },
  { count: 3, loss: 'water', policy: 'given', cost: 'big' },
  { count: 2, loss: 'water', dates: 'good' },
  { count: 2, loss: 'water', asked: true },
  { count: 55, loss: 'storm' },
  { count: 8, loss: 'stormWithWater' },
  { count: 3, loss: 'storm', policy: 'missing', cost: 'small' },
  { count: 3, loss: 'storm', policy: 'given', cost: 'big' },
  { count: 2, loss: 'storm', dates: 'good' },
  { count: 2, loss: 'storm', asked: true },
  { count: 66, loss: 'travel' },
  { count: 4, loss: 'travel', policy: 'missing', cost: 'small' },
  { count: 3, loss: 'travel', policy: 'given', cost: 'big' },
  { count: 3, loss: 'travel', asked: true },
  { count: 2, loss: 'travel', dates: 'good' },
  { count: 6, loss: 'crash', dates: 'bad' },
  { count: 3, loss: 'water', dates: 'bad' },
  { count: 2, loss: 'storm', dates: 'bad' },
  { count: 2, loss: 'travel', dates: 'bad' },
  { count: 7, loss: 'parked', duplicate: true },
  { count: 4, loss: 'water', duplicate: true },
  { count: 3, loss: 'travel', duplicate: true },
  { count: 26, loss: 'suspicion' },
  { count: 30, loss: 'otherLoss' },
  { count: 4, loss: 'storm', dispute: true },
  { count: 4, loss: 'water', dispute: true },
  { count: 4, loss: 'parked', dispute: true },
  { count: 7, loss: 'crash', people: 'noInjury', cost: 'big' },
  { count: 3, loss: 'water', policy: 'missing', cost: 'big' },
  { count: 3, loss: 'storm', policy: 'missing', cost: 'big' },
  { count: 3, loss: 'travel', policy: 'missing', cost: 'big' },
  { count: 79, loss: 'question' },
]

/** The pool of tails.mjs that belongs to a loss. */
export const tailOf = {
  crash: 'vehicle',
  parked: 'vehicle',
  weatherOnCar: 'vehicle',
  vulnerable: 'hurt',
  injuryAbroad: 'hurt',
  water: 'water',
  waterInStorm: 'water',
  storm: 'storm',
  stormWithWater: 'storm',
  travel: 'travel',
  suspicion: 'suspicious',
  otherLoss: 'otherLoss',
  question: 'question',
}

/** The rules of prompt.txt, in their order; the label follows from what was put into the message. */
export function routeOf({ loss, people, policy, cost, dates, duplicate, dispute }) {
  if (loss === 'suspicion' || duplicate || dates === 'bad') return 'FRAUD_REVIEW'
  if (loss === 'vulnerable' || loss === 'injuryAbroad' || people === 'injury' || people === 'injuryLate')
    return 'AUTO_BODILY_INJURY'
  if (loss === 'question') return 'COVERAGE_QUESTION'
  if (dispute || (cost === 'big' && (losses[loss].repair || policy === 'missing'))) return 'MANUAL_REVIEW'
  return losses[loss].route
}
