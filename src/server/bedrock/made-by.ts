/**
 * Whether something that has the wanted name was made by the same request before: its answer was lost with the server that
 * had made it, and the client asks again with the same token.
 */
export const isMadeBy = (
  token: string | undefined,
  dialect: Readonly<Record<string, unknown>> | undefined,
): boolean => token !== undefined && dialect?.['clientRequestToken'] === token
