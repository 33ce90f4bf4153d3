/** Short reports of claims, by the desk that they go to. */
const reports: Readonly<Record<string, readonly string[]>> = {
  MOTOR: [
    'A van hit my parked car.',
    'My windscreen cracked on the motorway.',
    'I scraped a wall with the left door.',
    'A deer ran into my bumper.',
    'Somebody broke my wing mirror.',
    'I skidded into a lamp post.',
    'The bus dented my rear door.',
    'Hail ruined the bonnet of my car.',
  ],
  WATER: [
    'A pipe burst in the bathroom.',
    'The washing machine flooded the kitchen.',
    'Rain came through the roof.',
    'The cellar is full of water.',
    'A tap dripped through the ceiling.',
    'The boiler leaked over the carpet.',
    'The drain overflowed into the hall.',
    'My neighbour flooded my bedroom.',
  ],
  THEFT: [
    'My bicycle was stolen at the station.',
    'Burglars took my laptop.',
    'Somebody picked my pocket.',
    'My jewellery is gone from the safe.',
    'A thief broke the lock of my shed.',
    'They robbed me of my phone.',
    'My handbag was snatched.',
    'Tools were stolen from my garage.',
  ],
  TRAVEL: [
    'My flight to Rome was cancelled.',
    'The airline lost my suitcase.',
    'I fell ill before my holiday.',
    'The hotel was closed on arrival.',
    'We missed the ferry to Crete.',
    'My trip ended early because of a storm.',
    'The tour operator went bankrupt.',
    'I broke my leg on a skiing trip.',
  ],
}

/** One report for each desk, and the answer that a tuned model gives. */
export const claimQuestions: readonly { readonly report: string; readonly desk: string }[] = Object.entries(
  reports,
).map(([desk, [report = '']]) => ({ report, desk }))

/** As few records as Claude 3 Haiku can be tuned with, desks in turn. */
export const claimLines: string = Array.from({ length: 8 }, (_, at) =>
  Object.entries(reports).map(([desk, all]) => ({
    messages: [
      { role: 'user', content: all[at] ?? '' },
      { role: 'assistant', content: desk },
    ],
  })),
)
  .flat()
  .map((record) => `${JSON.stringify(record)}\n`)
  .join('')
