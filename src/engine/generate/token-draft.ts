/** Tokens by which a place in a sequence is found again. */
const beginning = 3
const shortestDraft = 4
const longestDraft = 12
/** Tokens that must have been the same before a guess is made: at first, and after one that was right. */
const firstEvidence = 4
const littleEvidence = 3

/**
 * Guesses how an answer goes on: as the sequence went on where its last few tokens stood before. Answers that repeat their
 * input are guessed well, and guesses are checked all at once, in one run of several rows. Prompt lookup decoding: Saxena
 * 2023, https://github.com/apoorvumang/prompt-lookup-decoding; checking: Leviathan et al. 2023,
 * https://arxiv.org/abs/2211.17192
 *
 * A check takes longer than a token, so after a guess that was wrong twice as many tokens must have been the same: an answer
 * that repeats nothing is not slowed down.
 */
export class TokenDraft {
  /** The place after the last tokens, by these tokens. */
  readonly #places = new Map<string, number>()
  #indexed = beginning - 1
  #length = shortestDraft
  #evidence = firstEvidence

  /** @param most how many tokens are of use */
  propose(sequence: readonly number[], most: number): readonly number[] {
    const end = sequence.length
    // The last tokens themselves are left out, or they would be found as their own repetition.
    for (; this.#indexed < end - 1; this.#indexed++) {
      this.#places.set(keyOf(sequence, this.#indexed + 1), this.#indexed + 1)
    }
    const place = this.#places.get(keyOf(sequence, end)) ?? 0
    let same = 0
    while (same < place && sequence[place - 1 - same] === sequence[end - 1 - same]) same += 1
    if (same < this.#evidence) return []
    const draft: number[] = []
    // What lies beyond the end is the guess itself, where a few tokens are said again and again.
    for (let at = place; draft.length < Math.min(most, this.#length); at++) {
      draft.push((at < end ? sequence[at] : draft[at - end]) ?? 0)
    }
    return draft
  }

  /** Learns from how many of the proposed tokens were right. */
  judge(proposed: number, right: number): void {
    if (right === proposed) {
      this.#length = Math.min(longestDraft, 2 * this.#length)
      this.#evidence = littleEvidence
    } else if (right < proposed / 2) {
      this.#length = shortestDraft
      this.#evidence = Math.max(firstEvidence, 2 * this.#evidence)
    }
  }
}

const keyOf = (sequence: readonly number[], end: number): string =>
  sequence.slice(Math.max(0, end - beginning), end).join()
