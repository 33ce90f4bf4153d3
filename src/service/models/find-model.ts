import { catalogue } from '../../engine/weights/catalogue.ts'
import { findModelFolder as findFolder } from '../../store/models.ts'

/**
 * The folder of the model that a user means: an id in the home, or the path of a model's folder from the working folder
 * or from the home.
 *
 * @throws HoneError `E_MODEL_UNKNOWN` with how to get it
 */
export function findModelFolder(home: string, reference: string): Promise<string> {
  return findFolder(
    home,
    reference,
    catalogue.map(({ id }) => id),
  )
}
