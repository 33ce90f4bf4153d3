import { constants, setPriority } from 'node:os'

/**
 * Lets everything else on this machine run before this process: what it takes are cores that nobody wants. Threads that are
 * started afterwards inherit it. Answers false where the system forbids it.
 */
export function lowerPriority(): boolean {
  try {
    setPriority(constants.priority.PRIORITY_LOW)
    return true
  } catch {
    return false
  }
}
