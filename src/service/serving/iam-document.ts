/** A role or a policy as it was made. It is kept and answered; what a key may do is the key's own. */
export interface IamDocument {
  readonly path: string
  readonly description: string | null
  /** Trust policy of a role, or the policy itself. */
  readonly document: string
  /** Inline policies by name. */
  readonly inline: Readonly<Record<string, string>>
  /** ARNs of attached policies. */
  readonly attached: readonly string[]
}
