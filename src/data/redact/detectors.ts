import type { Detector } from './detector.ts'
import { address } from './detectors/address.ts'
import { driverLicence, medicalRecord, passport } from './detectors/after-words.ts'
import { age } from './detectors/age.ts'
import { card } from './detectors/card.ts'
import { cryptoAddress } from './detectors/crypto-address.ts'
import { dateOfBirth } from './detectors/date-of-birth.ts'
import { email } from './detectors/email.ts'
import { esDni, esNie } from './detectors/es-dni.ts'
import { fiHetu } from './detectors/fi-hetu.ts'
import { gbNino } from './detectors/gb-nino.ts'
import { iban } from './detectors/iban.ts'
import { ip } from './detectors/ip.ts'
import { itCodiceFiscale } from './detectors/it-codice-fiscale.ts'
import { mac } from './detectors/mac.ts'
import { personName } from './detectors/name.ts'
import { phone } from './detectors/phone.ts'
import { secret } from './detectors/secret.ts'
import { urlCredentials } from './detectors/url-credentials.ts'
import { nationalIdDetector, type NationalId } from './national-id.ts'
import { auMedicare } from './national-ids/au-medicare.ts'
import { auTfn } from './national-ids/au-tfn.ts'
import { beNationalNumber } from './national-ids/be-national-number.ts'
import { brCpf } from './national-ids/br-cpf.ts'
import { caSin } from './national-ids/ca-sin.ts'
import { deTaxId } from './national-ids/de-tax-id.ts'
import { frNir } from './national-ids/fr-nir.ts'
import { gbNhs } from './national-ids/gb-nhs.ts'
import { inAadhaar } from './national-ids/in-aadhaar.ts'
import { nlBsn } from './national-ids/nl-bsn.ts'
import { noFodselsnummer } from './national-ids/no-fodselsnummer.ts'
import { plPesel } from './national-ids/pl-pesel.ts'
import { sePersonnummer } from './national-ids/se-personnummer.ts'
import { usSsn } from './national-ids/us-ssn.ts'

/** Numbers of digits only; the more certain ones first. */
export const nationalIds: readonly NationalId[] = [
  frNir,
  usSsn,
  gbNhs,
  inAadhaar,
  auMedicare,
  caSin,
  auTfn,
  nlBsn,
  beNationalNumber,
  noFodselsnummer,
  sePersonnummer,
  brCpf,
  deTaxId,
  plPesel,
]

/** Every detector. Where two find the same characters, the earlier one names them. */
export const detectors: readonly Detector[] = [
  urlCredentials,
  email,
  card,
  iban,
  ...nationalIds.map(nationalIdDetector),
  itCodiceFiscale,
  esNie,
  esDni,
  gbNino,
  fiHetu,
  medicalRecord,
  passport,
  driverLicence,
  secret,
  cryptoAddress,
  mac,
  ip,
  dateOfBirth,
  phone,
  age,
  address,
  personName,
]
