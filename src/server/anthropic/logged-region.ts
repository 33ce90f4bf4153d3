/** Invocations of an API without regions are logged where those of this one are. */
export const loggedRegion = 'us-east-1'
