/** Half of what the decode loop answers at once: whoever asks while a batch runs finds a place at once. */
const alone = 16

/**
 * How many records of a batch are answered at once: while somebody waits for an answer, one after another.
 *
 * @param others answers under way that belong to no batch
 */
export const batchRowsAtOnce = (others: number): number => (others > 0 ? 1 : alone)
