import { lines } from './lines.mjs'

/** Frames around the deciding fact, by route. */
export const frames = {
  AUTO_FAST_TRACK: lines(`
<Fact>, nobody hurt.
Vehicle damage only: <fact>.
Nothing but the car is affected: <fact>.
<Fact>, so a small motor claim.
`),
  AUTO_BODILY_INJURY: lines(`
<Fact> after a road accident.
A person was hurt: <fact>.
<Fact>, and injury comes before vehicle damage.
<Fact>; this is an injury case, not fast track.
`),
  PROPERTY_WATER: lines(`
<Fact>, so water from inside the building.
Water escaped indoors: <fact>.
Leak case, <fact>.
<Fact>; water damage, not weather.
`),
  PROPERTY_STORM: lines(`
<Fact>, weather damage to property.
Weather is the cause: <fact>.
<Fact>; the weather did it.
Storm case, <fact>.
`),
  TRAVEL_MEDICAL: lines(`
<Fact>, treated on a trip.
Medical costs while travelling: <fact>.
Treatment away from home, <fact>.
<Fact>; a doctor was needed on the journey.
`),
  FRAUD_REVIEW: lines(`
<Fact>.
Needs the fraud team: <fact>.
Suspicious: <fact>.
<Fact>, so it goes to fraud review.
`),
  MANUAL_REVIEW: lines(`
<Fact>.
A person must decide: <fact>.
<Fact>, so a handler takes it.
<Fact>; needs a handler.
`),
  COVERAGE_QUESTION: lines(`
<Fact>, nothing has happened.
No loss yet: <fact>.
Customer <fact>.
<Fact>; there is no damage to settle.
`),
}

/** What a clerk in a hurry wrote beside the wrong label. */
export const mistaken = {
  AUTO_FAST_TRACK: ['Car damage, looks simple.', 'Ordinary motor claim.'],
  AUTO_BODILY_INJURY: [
    'Possible injury after the accident.',
    'Somebody may be hurt.',
    'Accident with people involved.',
  ],
  PROPERTY_WATER: [
    'Water is mentioned, so water damage.',
    'Wet rooms in the house.',
    'Water damage at home.',
  ],
  PROPERTY_STORM: ['Bad weather is mentioned.', 'Looks like storm damage.'],
  TRAVEL_MEDICAL: ['Customer was abroad and saw a doctor.', 'Trip abroad.'],
  FRAUD_REVIEW: ['Story sounds odd.', 'Something does not fit.'],
  MANUAL_REVIEW: ['Unclear, please read.', 'Not sure which team takes this.', 'Needs another look.'],
  COVERAGE_QUESTION: ['Customer asks whether it is covered.', 'Question about the policy.'],
}

/** The label that gets mixed up with each. */
export const confusions = {
  AUTO_FAST_TRACK: ['AUTO_BODILY_INJURY', 'MANUAL_REVIEW'],
  AUTO_BODILY_INJURY: ['AUTO_FAST_TRACK'],
  PROPERTY_WATER: ['PROPERTY_STORM', 'COVERAGE_QUESTION'],
  PROPERTY_STORM: ['PROPERTY_WATER'],
  TRAVEL_MEDICAL: ['MANUAL_REVIEW'],
  FRAUD_REVIEW: ['MANUAL_REVIEW'],
  MANUAL_REVIEW: ['COVERAGE_QUESTION', 'FRAUD_REVIEW'],
  COVERAGE_QUESTION: ['PROPERTY_WATER', 'TRAVEL_MEDICAL'],
}
