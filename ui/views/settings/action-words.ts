/** `startTraining` as `start training`; what a service calls its actions, such as `CreateModelCustomizationJob`, stays. */
export const actionWords = (action: string): string =>
  /^[a-z]+(?:[A-Z][a-z]+)+$/.test(action)
    ? action.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
    : action

/** What is searched for where words were typed as they are shown: no action, subject or outcome has a space. */
export const actionName = (words: string): string => words.replaceAll(/\s+/g, '')
