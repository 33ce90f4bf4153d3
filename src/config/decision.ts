/** What decides a label: the answer as written, or the probabilities of all labels. */
export type Decision = (typeof decisions)[number]

export const decisions = ['answer', 'likeliest', 'corrected'] as const
