/** What the sixteen 4-bit numbers of IQ4_NL and IQ4_XS stand for (`kvalues_iq4nl` of ggml-common.h). */
export const iq4Values: readonly number[] = [
  -127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113,
]
